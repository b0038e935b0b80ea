// Listens to the replica, and hands on what it hears.
import { byId, setText } from "/rows.js";
import { showCluster } from "/cluster.js";
import { refreshLists } from "/networks.js";
import { searchAudit, showEvents, showGone } from "/records.js";

const silenceMax = 5000;
const refreshPause = 1000;
let lastSeen = null;
let lastHeard = 0;
let stream = null;
let isRefreshing = false;
let isStale = false;

function listen() {
  stream?.close();
  stream = new EventSource(lastSeen === null ? "/api/feed" : `/api/feed?after=${lastSeen}`);
  stream.addEventListener("cluster", message => {
    heard(message);
    showCluster(JSON.parse(message.data));
  });
  stream.addEventListener("events", message => {
    const events = JSON.parse(message.data).events.filter(event => lastSeen === null || event.revision > lastSeen);
    heard(message);
    showEvents(events);
    refresh();
  });
  stream.addEventListener("gone", message => {
    heard(message);
    showGone(JSON.parse(message.data));
    refresh();
  });
}

function heard(message) {
  if (message.lastEventId !== "") lastSeen = Number(message.lastEventId);
  if (byId("link").dataset.state !== "live") refresh();
  lastHeard = Date.now();
  show("live", "Live");
}

// A browser tries again by itself after a break, and not after a refusal; and a replica may hang.
setInterval(() => {
  if (Date.now() - lastHeard < silenceMax) return;
  show("lost", "This replica does not answer; what is shown is old. Trying again …");
  if (stream.readyState === EventSource.CLOSED) listen();
}, 1000);

function show(state, text) {
  byId("link").dataset.state = state;
  setText(byId("link"), text);
}

// However much happens, lists are asked for one after the other and no more than once a second.
async function refresh() {
  isStale = true;
  if (isRefreshing) return;
  isRefreshing = true;
  while (isStale) {
    isStale = false;
    try {
      await refreshLists();
    } catch {
      isStale = byId("link").dataset.state === "live";
    }
    await new Promise(resolve => setTimeout(resolve, refreshPause));
  }
  isRefreshing = false;
}

setInterval(() => byId("link").dataset.state === "live" && refresh(), 30000);
listen();
refresh();
searchAudit();
