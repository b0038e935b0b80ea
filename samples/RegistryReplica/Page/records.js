// Events as they happen, and the audit trail.
import { ask, byId, clock, keep, make, moment } from "/rows.js";

const eventsMax = 200;
let held = [];
let paused = false;
let waiting = [];

export function showEvents(events) {
  if (paused) waiting = [...waiting, ...events].slice(-eventsMax);
  else add(events.map(event => createRecord(event, clock)));
}

export function showGone({ from, to }) {
  showEvents([]);
  if (!paused) add([make("li", { className: "warn", text: `Revisions ${from} to ${to} are left out here.` })]);
}

byId("pause").addEventListener("click", () => {
  paused = !paused;
  byId("pause").setAttribute("aria-pressed", paused);
  if (paused) return;
  held = waiting;
  waiting = [];
  showEvents(held);
});

function add(elements) {
  const list = byId("event-list");
  list.prepend(...elements.reverse());
  while (list.children.length > eventsMax) list.lastElementChild.remove();
  byId("events-none").hidden = list.children.length > 0;
}

function createRecord(record, timeOf) {
  const attributes = Object.entries(record.attributes).map(([name, value]) => `${name} ${Array.isArray(value) ? `[${value.join(", ")}]` : value === "" ? '""' : value}`);
  return make("li", { className: "fresh" },
    make("time", { text: timeOf(record.time), datetime: new Date(record.time).toISOString() }),
    make("b", { text: record.action }), ` by ${record.actor}${record.actor.startsWith(record.actorRole) ? "" : ` as ${record.actorRole}`}, revision ${record.revision}`,
    make("span", { className: "attributes", text: attributes.join(" · ") }));
}

// The audit trail.

const pageSize = 50;
let found = [];
let next = null;
let turn = 0;

for (const action of [
  "node.registered", "node.deregistered", "node.key_rotated", "identity.external_id_set", "task_exec.changed", "network.created", "network.deleted",
  "network.renamed", "network.enterprise_changed", "network.join_rule_changed", "network.admin_token_changed", "network.policy_changed",
  "network.expr_policy_set", "network.expr_policy_cleared", "rbac.preassignments_set", "network.joined", "network.left", "network.owner_changed",
  "member.kicked", "member.promoted", "member.demoted", "network.ownership_transferred", "member_tags.changed", "invite.created",
  "invite.responded", "invite.revoked", "invite.expired",
]) byId("actions").append(make("option", { value: action }));

const form = byId("audit-search");
form.addEventListener("submit", event => {
  event.preventDefault();
  found = [];
  next = null;
  look();
});
byId("audit-more").addEventListener("click", look);

export const searchAudit = () => form.requestSubmit();

const timeIn = name => form.elements[name].value ? new Date(form.elements[name].value).getTime() : null;

// An answer goes through a bounded number of records: what is rare takes several.
async function look() {
  const mine = ++turn;
  const words = Object.fromEntries(["network", "node", "action", "actor"].map(name => [name, form.elements[name].value.trim()]));
  const parameters = { ...words, since: timeIn("since"), until: timeIn("until") };
  const wanted = found.length + pageSize;
  try {
    do {
      const page = await ask("/api/audit", { ...parameters, before: next, limit: wanted - found.length });
      if (mine !== turn) return;
      [found, next] = [[...found, ...page.items], page.next];
    } while (next !== null && found.length < wanted);
    byId("audit-result").textContent = `${found.length} record${found.length === 1 ? "" : "s"}${next === null ? "" : ", and there are more"}.`;
  } catch (problem) {
    byId("audit-result").textContent = `No answer: ${problem.message}.`;
  }
  keep(byId("audit-list"), found, record => record.key, record => createRecord(record, moment));
  byId("audit-more").hidden = next === null;
}
