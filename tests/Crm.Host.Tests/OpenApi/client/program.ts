// Knows the API by what openapi-typescript made of its description: node out/program.js <address> <e-mail> <password>
import createClient from "openapi-fetch";
import type { components, paths } from "./crm.js";

const [, , baseUrl = "", email = "", password = ""] = process.argv;
const crm = createClient<paths>({ baseUrl, querySerializer: { object: { style: "form", explode: true } } });

const signIn = await crm.POST("/api/v1/sign-in", { body: { email, password } });
if (!signIn.data) throw new Error(signIn.error?.detail ?? "signed in by cookie");
const { accessToken } = signIn.data;
crm.use({ onRequest: ({ request }) => request.headers.set("Authorization", `Bearer ${accessToken}`) });

const person = must(await crm.POST("/api/v1/people", { body: { name: "Ada King", email: "ada@engines.test" } }));
const made = must(
  await crm.POST("/api/v1/deals", { body: { name: "Engines", amount: 900, currency: "GBP" }, params: { header: { "Idempotency-Key": "engines" } } }),
);
console.log(`created ${made.name} at version ${made.version}, owned by ${made.ownerName}`);

const path = { id: made.id };
const patched = must(await crm.PATCH("/api/v1/deals/{id}", { params: { path }, body: { amount: null, expectedCloseOn: "2027-01-31", version: made.version } }));
console.log(`patched to ${patched.amount} until ${patched.expectedCloseOn}`);

const stale = await crm.PATCH("/api/v1/deals/{id}", { params: { path, header: { "If-Match": '"1"' } }, body: { name: "Late" } });
if (stale.error?.type === "urn:crm-wfm:problem:stale-version") console.log(`stale: it is at version ${stale.error.currentVersion}`);

let version = made.projectVersion ?? 0;
for (const transition of ["contact", "discover"]) version = must(await move({ transition, version })).version;

const offered = must(await crm.GET("/api/v1/deals/{id}/transitions", { params: { path } }));
console.log(offered.transitions.map((t) => `${t.key} ${t.available ? "available" : "blocked"}`).join(", "));

const refused = await move({ transition: "propose", version });
if (refused.error?.type === "urn:crm-wfm:problem:refused") {
  for (const reason of refused.error.reasons) console.log(`${reason.key}: ${reason.message} ${reason.fixes.map((f) => f.pointer).join(" ")}`);
}

const moved = must(await move({ transition: "propose", version, changes: { amount: 24000, personId: person.id } }));
console.log(`moved from ${moved.from} to ${moved.step}`);

const invalid = await crm.POST("/api/v1/deals", { body: { name: "", currency: "XYZ" } });
if (invalid.error?.type === "urn:crm-wfm:problem:invalid") console.log(invalid.error.faults.map((f) => f.pointer).join(" "));

const page = must(await crm.GET("/api/v1/deals", { params: { query: { "amount.gte": 1000, step: ["proposal", "negotiation"], sort: "-amount", limit: 10 } } }));
console.log(`listed ${page.items.map((d) => `${d.name} ${d.amount} ${d.currency} ${d.personName}`).join(", ")}; next ${page.next}`);

function move(body: components["schemas"]["MoveProjectRequest"]) {
  return crm.POST("/api/v1/deals/{id}/moves", { params: { path }, body });
}

function must<T>(answer: { data?: T; error?: { title: string; detail?: string } }): T {
  if (answer.data === undefined) throw new Error(answer.error?.detail ?? answer.error?.title ?? "no answer");
  return answer.data;
}
