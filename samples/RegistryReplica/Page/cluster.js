// The cluster strip, and what happens to replicas and leaders.
import { byId, clock, count, duration, keep, make, setText, usage } from "/rows.js";

const newsMax = 20;
const figures = ["Term", "Commit", "Applied", "Lag", "Digest", "Snapshot", "Health"];
const matches = { same: ["✓ same", "good"], differs: ["✗ differs", "bad"], unknown: ["not compared", "soft"] };
let shown = null;

export function showCluster(view) {
  setText(byId("cluster-name"), view.cluster);
  document.title = `${view.cluster} – Membership`;
  setText(byId("leadership"), view.leader
    ? `${view.leader} leads in term ${view.term}, revision ${count(view.revision)}.`
    : `No leader answers. Term ${view.term}, revision ${count(view.revision)}.`);
  byId("leadership").classList.toggle("bad", !view.leader);
  keep(byId("replicas"), view.replicas, replica => replica.id, createReplica, (element, replica) => showReplica(element, replica, view));
  if (view.counts) showCounts(view.counts);
  if (shown) for (const text of changes(shown, view)) tell(text, view.time);
  shown = view;
}

export function tell(text, time) {
  const news = byId("news");
  news.prepend(make("li", { className: "fresh" }, make("time", { text: clock(time), datetime: new Date(time).toISOString() }), text));
  while (news.children.length > newsMax) news.lastElementChild.remove();
}

function* changes(before, now) {
  const former = new Map(before.replicas.map(replica => [replica.id, replica]));
  for (const replica of now.replicas) {
    const was = former.get(replica.id)?.role;
    if (was === replica.role) continue;
    if (!replica.figures) yield `Replica ${replica.id} is ${replica.role}.`;
    else if (was === undefined || was === "unreachable" || was === "removed") yield `Replica ${replica.id} is back, as ${replica.role}.`;
    else if (replica.role === "standby" || replica.role === "stopped") yield `Replica ${replica.id} is ${replica.role}.`;
  }
  if (before.leader !== now.leader) yield now.leader ? `Replica ${now.leader} leads now, in term ${now.term}.` : "No leader answers.";
}

function createReplica(replica) {
  const values = figures.flatMap(name => [make("dt", { text: name }), make("dd", { "data-figure": name.toLowerCase() })]);
  return make("li", { className: "replica" },
    make("h3", {}, make("span", { text: replica.id }), make("span", { className: "badge" }), make("span", { className: "soft here" })),
    make("dl", { className: "figures" }, ...values));
}

function showReplica(element, replica, view) {
  element.dataset.role = replica.role;
  element.firstElementChild.dataset.role = replica.role;
  setText(element.querySelector(".badge"), replica.role);
  setText(element.querySelector(".here"), replica.id === view.self ? "serves this page" : "");
  const say = (name, text, className = "") => {
    const value = element.querySelector(`[data-figure=${name}]`);
    setText(value, text);
    value.className = className;
  };
  const own = replica.figures;
  const [matchText, matchClass] = own ? matches[own.match] : ["–", "soft"];
  say("term", own ? own.term : "–");
  say("commit", own ? count(own.commit) : "–");
  say("applied", own ? count(own.applied) : "–");
  say("lag", own ? count(own.lag) : "–", own?.lag > 0 ? "warn" : "");
  say("digest", own ? `${own.digest.slice(0, 8)} ${matchText}` : "–", matchClass);
  say("snapshot", !own ? "–" : own.snapshotIndex === 0 ? "none yet" : `${ageOf(own)} at index ${count(own.snapshotIndex)}`);
  say("health", replica.health.length > 0 ? replica.health.join(", ").replaceAll("_", " ") : "well", replica.health.length > 0 ? "bad" : "good");
}

const ageOf = own => own.snapshotAge === null ? "age unknown," : `${duration(own.snapshotAge)} old,`;

function showCounts(counts) {
  const parts = [["Nodes", counts.nodes, counts.nodesMax], ["Networks", counts.networks, counts.networksMax], ["Memberships", counts.members, 0]];
  keep(byId("counts"), parts, part => part[0],
    ([name]) => make("div", {}, make("dt", { text: name }), make("dd")),
    (element, [name, used, max]) => {
      const value = element.lastElementChild;
      const said = `${used}/${max}`;
      if (value.dataset.said === said) return;
      value.dataset.said = said;
      value.replaceChildren(...usage(`${name} used`, used, max));
    });
}
