// Networks with their members, and live invites: a page of each list at a time.
import { ask, byId, count, duration, keep, make, moment, setText, usage } from "/rows.js";

const pageSize = 50;

// A list that grows by pages, and is asked for anew from its beginning, as far as it is shown.
class PagedList {
  #items = [];
  #next = null;
  #turn = 0;

  constructor({ path, parameters, show, more, none }) {
    Object.assign(this, { path, parameters, show, more, none });
    more.addEventListener("click", () => this.grow());
  }

  // The last call counts, so that a slow answer never takes the place of a newer one.
  async refresh() {
    const turn = ++this.#turn;
    const wanted = Math.max(pageSize, Math.min(this.#items.length, 200));
    const page = await ask(this.path, { ...this.parameters(), limit: wanted });
    if (turn === this.#turn) this.#take(page.items, page.next);
  }

  async grow() {
    const turn = ++this.#turn;
    const page = await ask(this.path, { ...this.parameters(), after: this.#next, limit: pageSize });
    if (turn === this.#turn) this.#take([...this.#items, ...page.items], page.next);
  }

  #take(items, next) {
    [this.#items, this.#next] = [items, next];
    this.show(items);
    this.more.hidden = next === null;
    this.none.hidden = items.length > 0;
  }
}

const members = new Map();

const networks = new PagedList({
  path: "/api/networks",
  parameters: () => ({ search: byId("network-search").elements.search.value }),
  show: showNetworks,
  more: byId("networks-more"),
  none: byId("networks-none"),
});

const invites = new PagedList({
  path: "/api/invites",
  parameters: () => ({}),
  show: items => showInvites(byId("invite-list"), items),
  more: byId("invites-more"),
  none: byId("invites-none"),
});

byId("network-search").addEventListener("submit", event => event.preventDefault());
byId("network-search").addEventListener("input", () => networks.refresh());

export const refreshLists = () => Promise.all([networks.refresh(), invites.refresh(), ...[...members.values()].map(list => list.refresh())]);

function showNetworks(items) {
  keep(byId("network-list"), items, network => network.id, createNetwork, showNetwork);
  for (const id of members.keys()) {
    if (!document.querySelector(`#network-list [data-key="${id}"] details[open]`)) members.delete(id);
  }
}

function createNetwork(network) {
  const inside = make("div");
  const details = make("details", {}, make("summary", {}, make("span", { className: "name" }), make("span", { className: "facts" })), inside);
  details.addEventListener("toggle", () => details.open ? open(network.id, inside) : close(network.id, inside));
  return make("li", {}, details);
}

function showNetwork(element, network) {
  setText(element.querySelector(".name"), network.name);
  const noun = `${network.id === 0 ? "node" : "member"}${network.members === 1 && network.membersMax <= 1 ? "" : "s"}`;
  const used = `${count(network.members)}${network.membersMax > 0 ? ` of ${count(network.membersMax)}` : ""} ${noun}`;
  const facts = [
    `#${network.id}`, network.joinRule, used,
    network.enterprise && "enterprise", network.isManaged && "managed", network.hasExprPolicy && "expression policy",
  ];
  setText(element.querySelector(".facts"), facts.filter(Boolean).join(" · "));
  const about = element.querySelector(".about");
  if (about) showAbout(about, network);
  element.network = network;
}

function showAbout(about, network) {
  const said = JSON.stringify(network);
  if (about.dataset.said === said) return;
  about.dataset.said = said;
  const parts = [
    ["Members", usage("Members used", network.members, network.membersMax, network.membersMax > 0 ? "" : "(no limit set)")],
    ["Ports", [...usage("Ports used", network.ports.length, network.portsMax), make("span", { className: "soft", text: network.ports.join(", ") })]],
    ["Created", [moment(network.createdAt)]],
    ["Description", [network.description || "none"]],
  ];
  about.replaceChildren(...parts.map(([name, value]) => make("div", {}, make("dt", { text: name }), make("dd", {}, ...value))));
}

function open(id, inside) {
  const [body, invited] = [make("tbody"), make("tbody")];
  const more = make("button", { type: "button", text: "More members" });
  const none = make("p", { className: "none", text: "No member." });
  const about = make("dl", { className: "counts about" });
  inside.replaceChildren(about, tableOf("Members", ["Node", "Role", "Tags", "Joined"], body), none, more);
  showAbout(about, inside.closest("li").network);
  const list = new PagedList({ path: `/api/networks/${id}/members`, parameters: () => ({}), show: items => showMembers(body, items), more, none });
  members.set(id, list);
  list.refresh();
}

function close(id, inside) {
  members.delete(id);
  inside.replaceChildren();
}

const tableOf = (caption, columns, body) => make("table", {},
  make("caption", { className: "unseen", text: caption }),
  make("thead", {}, make("tr", {}, ...columns.map(text => make("th", { scope: "col", text })))),
  body);

function showMembers(body, items) {
  keep(body, items, member => member.node, () => make("tr", {}, make("td"), make("td"), make("td"), make("td")), (row, member) => {
    const said = JSON.stringify(member);
    if (row.dataset.said === said) return;
    row.dataset.said = said;
    const [node, role, tags, joined] = row.children;
    node.textContent = member.node;
    node.title = member.address;
    role.textContent = [member.role, member.taskExec && "task exec"].filter(Boolean).join(", ") || "–";
    role.className = member.role === "owner" ? "good" : "";
    tags.replaceChildren(...member.tags.map(text => make("span", { className: "tag", text })), ...member.tags.length > 0 ? usedOf(member) : ["–"]);
    joined.textContent = moment(member.joinedAt);
  });
}

const usedOf = member => [make("span", { className: "soft", text: ` ${member.tags.length} of ${member.tagsMax}` })];

function showInvites(body, items) {
  keep(body, items, invite => `${invite.network}.${invite.target}`,
    invite => make("tr", {}, make("td", { className: "name", text: `${invite.name} #${invite.network}` }), make("td", { text: invite.target }), make("td", { text: invite.inviter }), make("td")),
    (row, invite) => {
      setText(row.children[2], invite.inviter);
      setText(row.lastElementChild, duration(invite.left));
    });
}
