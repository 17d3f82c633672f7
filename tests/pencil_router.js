// A router one can check with a pencil: straight lines at 60 m a minute, twice as long where there
// is a barrier. The school stands 200 m east of 119.97, 31.81, the clinic 600 m north of it.
const schools = [{category: "school", lng: 119.97 + 0.0021135, lat: 31.81, name: "天宁实验小学"},
  {category: "clinic", lng: 119.97, lat: 31.81 + 0.0054114,
    name: "<img src=x onerror=alert(1)>"}];
globalThis.asked = [];
globalThis.fail = null;
createPageRouter = async () => ({
  modes: [{id: "walk", name_zh: "步行", name_en: "On foot"}, {id: "bike", name_zh: "骑行", name_en: "Bicycle"}],
  standards: [{id: "one", title_zh: "甲", title_en: "A"}, {id: "two", title_zh: "乙", title_en: "B"}],
  minutes: [5, 10, 15],
  categories: [{id: "school", name_zh: "小学", name_en: "School", color: "#0072b2"},
    {id: "clinic", name_zh: "诊所", name_en: "Clinic", color: "#c2185b"}],
  async answer(question) {
    asked.push(question);
    if (fail) throw fail;
    const {lng, lat, closed, added} = question;
    await new Promise((done) => setTimeout(done, 5));
    const row = (id, name_zh, limit, unit) => {
      const near = [...schools, ...added].filter((one) => one.category === id)
        .map((one) => ({...one, metres: metresBetween([lng, lat], [one.lng, one.lat]) * (closed.length ? 2 : 1)}))
        .sort((a, b) => a.metres - b.metres)[0];
      const found = near.metres <= 900;
      const amount = unit === "m" ? near.metres : near.metres / 60;
      return {id, name_zh, name_en: id, limit, unit, metres: found ? near.metres : null,
        minutes: found ? near.metres / 60 : null, present: found && amount <= limit,
        facility_zh: near.name ?? "", facility_en: near.name ?? "", lng: near.lng, lat: near.lat};
    };
    const square = (size) => [[[lng - size, lat - size], [lng + size, lat - size], [lng + size, lat + size],
      [lng - size, lat + size], [lng - size, lat - size]]];
    return {place: {lng, lat, access_m: 7}, ms: 1,
      bands: {type: "FeatureCollection", features: [15, 10, 5].map((limit_min) => ({type: "Feature",
        properties: {limit_min}, geometry: {type: "Polygon", coordinates: square(limit_min / 1500)}}))},
      areas: [5, 10, 15].map((limit_min) => ({limit_min, area_km2: 0.1 * limit_min, street_km: null, people: 100})),
      checklist: [row("school", "小学", 500, "m"), row("clinic", "诊所", 15, "min")]};
  },
  async route({lng, lat, to}) {
    return {type: "Feature", properties: {metres: to.metres, minutes: to.minutes},
      geometry: {type: "LineString", coordinates: [[lng, lat], [to.lng, to.lat]]}};
  },
});
