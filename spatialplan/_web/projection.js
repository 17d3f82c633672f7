// Degrees and the metres of a base: transverse Mercator by the series of Krueger to the sixth
// power of the third flattening, exact to nanometres in a zone.
// Reference: Karney, C. (2011), Transverse Mercator with an accuracy of a few nanometers,
// Journal of Geodesy 85(8), equations 7 to 11, 20, 35 and 36.

const NEWTON_ROUNDS = 4;
const DEGREE = Math.PI / 180;
const MOST_DIGITS = 1e7; // a centimetre

/** Terms in n, n^2 ... n^6 of each coefficient, from the geographic to the plane. */
const TO_PLANE = [
  [1 / 2, -2 / 3, 5 / 16, 41 / 180, -127 / 288, 7891 / 37800],
  [0, 13 / 48, -3 / 5, 557 / 1440, 281 / 630, -1983433 / 1935360],
  [0, 0, 61 / 240, -103 / 140, 15061 / 26880, 167603 / 181440],
  [0, 0, 0, 49561 / 161280, -179 / 168, 6601661 / 7257600],
  [0, 0, 0, 0, 34729 / 80640, -3418889 / 1995840],
  [0, 0, 0, 0, 0, 212378941 / 319334400],
];

/** The same, back. */
const FROM_PLANE = [
  [1 / 2, -2 / 3, 37 / 96, -1 / 360, -81 / 512, 96199 / 604800],
  [0, 1 / 48, 1 / 15, -437 / 1440, 46 / 105, -1118711 / 3870720],
  [0, 0, 17 / 480, -37 / 840, -209 / 4480, 5569 / 90720],
  [0, 0, 0, 4397 / 161280, -11 / 504, -830251 / 7257600],
  [0, 0, 0, 0, 4583 / 161280, -108847 / 3991680],
  [0, 0, 0, 0, 0, 20648693 / 638668800],
];

function coefficients(terms, n) {
  return terms.map((row) => row.reduceRight((sum, term) => (sum + term) * n, 0));
}

/** A place of the sphere and its shift by a series, forwards (1) or back (-1). */
function shifted(series, sign, xi, eta) {
  let [x, y] = [xi, eta];
  for (let j = 0; j < series.length; j++) {
    const turn = 2 * (j + 1);
    x += sign * series[j] * Math.sin(turn * xi) * Math.cosh(turn * eta);
    y += sign * series[j] * Math.cos(turn * xi) * Math.sinh(turn * eta);
  }
  return [x, y];
}

/** Tangent of the conformal latitude, by that of the latitude. */
function conformal(tau, e) {
  const root = Math.sqrt(1 + tau * tau);
  const sigma = Math.sinh(e * Math.atanh((e * tau) / root));
  return tau * Math.sqrt(1 + sigma * sigma) - sigma * root;
}

/** Tangent of the latitude, by that of the conformal latitude. */
function unconformal(wanted, e) {
  let tau = wanted;
  for (let round = 0; round < NEWTON_ROUNDS; round++) {
    const here = conformal(tau, e);
    const slope = (1 + (1 - e * e) * tau * tau) / ((1 - e * e) * Math.sqrt(1 + tau * tau));
    tau += ((wanted - here) / Math.sqrt(1 + here * here)) * slope;
  }
  return tau;
}

/**
 * The projection of a base: `toMetres([lng, lat])` and `toDegrees([x, y])`; degrees to a
 * centimetre, which is what there is to know.
 */
function createProjection({ a, f, lon0, k0, east_m, north_m }) {
  const n = f / (2 - f);
  const e = Math.sqrt(f * (2 - f));
  const radius = (k0 * a * (1 + n ** 2 / 4 + n ** 4 / 64 + n ** 6 / 256)) / (1 + n);
  const [ahead, back] = [coefficients(TO_PLANE, n), coefficients(FROM_PLANE, n)];
  const rounded = (degrees) => Math.round(degrees * MOST_DIGITS) / MOST_DIGITS;
  return {
    toMetres([lng, lat]) {
      const tau = conformal(Math.tan(lat * DEGREE), e);
      const turn = (lng - lon0) * DEGREE;
      const flat = Math.hypot(tau, Math.cos(turn));
      const [xi, eta] = shifted(
        ahead, 1, Math.atan2(tau, Math.cos(turn)), Math.asinh(Math.sin(turn) / flat));
      return [east_m + radius * eta, north_m + radius * xi];
    },
    toDegrees([x, y]) {
      const [xi, eta] = shifted(back, -1, (y - north_m) / radius, (x - east_m) / radius);
      const wide = Math.sinh(eta);
      const tau = unconformal(Math.sin(xi) / Math.hypot(wide, Math.cos(xi)), e);
      const turn = Math.atan2(wide, Math.cos(xi)) / DEGREE;
      return [rounded(lon0 + turn), rounded(Math.atan(tau) / DEGREE)];
    },
  };
}
