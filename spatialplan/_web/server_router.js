// The router of a page that a local server answers; the same questions and answers as
// those of `createPageRouter`.

/** What a response holds; what the server says in one line where it refuses. */
async function heldBy(response, read) {
  if (response.ok) return read(response);
  const said = await response.json().catch(() => ({}));
  throw new Error(said.error || `HTTP ${response.status}`);
}

/** Say that nobody answered, unless the question was called off. */
function unreached(error) {
  throw error.name === "AbortError" ? error : new Error(word("live_unreachable"));
}

/** Ask the server; a newer question of the same kind calls off the one before. */
function serverAsker() {
  const waiting = new Map();
  const ask = async (kind, question, read) => {
    waiting.get(kind)?.abort();
    const control = new AbortController();
    waiting.set(kind, control);
    try {
      const asked = fetch(`/api/${kind}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(question),
        signal: control.signal,
      });
      return await heldBy(await asked.catch(unreached), read);
    } finally {
      if (waiting.get(kind) === control) waiting.delete(kind);
    }
  };
  return { ask, giveUp: () => waiting.get("answer")?.abort() };
}

/** Make the router of what the server says of its area (`GET /api/area`). */
function createServerRouter({ modes, standards, minutes, categories }) {
  const { ask, giveUp } = serverAsker();
  const asJson = (response) => response.json();
  return {
    modes,
    standards,
    minutes,
    categories,
    giveUp,
    answer: (question) => ask("answer", question, asJson),
    route: (question) => ask("route", question, asJson),
    workbook: (question) => ask("export", { ...question, format: "xlsx" }, (response) => response.blob()),
  };
}
