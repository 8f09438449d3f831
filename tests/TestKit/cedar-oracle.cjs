// Answers, line by line, what the official engine makes of policies, schemas, entities and requests.
// argv[2] is the folder of the package @cedar-policy/cedar-wasm.
const path = require("node:path");
const readline = require("node:readline");
const cedar = require(path.join(process.argv[2], "nodejs", "cedar_wasm.js"));

const accepted = (answer) => answer.type === "success";
const policySet = (text) => ({ staticPolicies: text, templates: {}, templateLinks: [] });

function decide(batch) {
  const name = "set";
  const parsed = accepted(cedar.preparsePolicySet(name, policySet(batch.policies)));
  const validated = parsed && cedar.validate({ schema: batch.schema, policies: policySet(batch.policies) });
  const answers = !parsed ? [] : batch.requests.map((request) => {
    const answer = cedar.statefulIsAuthorized({ ...request, preparsedPolicySetId: name, entities: batch.entities });
    return accepted(answer)
      ? `${answer.response.decision}|${answer.response.diagnostics.reason.sort().join()}|${answer.response.diagnostics.errors.map((error) => error.policyId).sort().join()}`
      : "refused";
  });
  return {
    parsed,
    valid: parsed && accepted(validated) && validated.validationErrors.length === 0,
    invalid: parsed && accepted(validated) ? [...new Set(validated.validationErrors.map((error) => error.policyId))].sort() : [],
    entities: accepted(cedar.checkParseEntities({ entities: batch.entities, schema: batch.schema })),
    answers,
    texts: batch.texts.map((text) => accepted(cedar.checkParsePolicySet(policySet(text)))),
    schemas: batch.schemas.map((text) => accepted(cedar.checkParseSchema(text))),
  };
}

function time(batch) {
  const name = "set";
  const preparsed = process.hrtime.bigint();
  cedar.preparsePolicySet(name, policySet(batch.policies));
  const start = Number(process.hrtime.bigint() - preparsed) / 1000;
  const times = [];
  for (const request of batch.requests) {
    const before = process.hrtime.bigint();
    cedar.statefulIsAuthorized({ ...request, preparsedPolicySetId: name, entities: batch.entities });
    times.push(Number(process.hrtime.bigint() - before) / 1000);
  }
  return { start, times };
}

readline.createInterface({ input: process.stdin, terminal: false }).on("line", (line) => {
  const batch = JSON.parse(line);
  console.log(JSON.stringify(batch.time ? time(batch) : decide(batch)));
});
