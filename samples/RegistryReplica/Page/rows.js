// Makes elements and keeps lists in step. Text is only ever set as text: a name that is markup stays a name.

export const byId = id => document.getElementById(id);

export function make(tag, options = {}, ...children) {
  const { className, text, ...attributes } = options;
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// A screen reader and the keyboard's focus stay where they are, so an element that says the same is not touched.
export function setText(element, text) {
  if (element.textContent !== String(text)) element.textContent = text;
}

// Shows items in order; an element whose key is still there stays the same element.
export function keep(list, items, keyOf, create, update = () => {}) {
  const known = new Map([...list.children].map(element => [element.dataset.key, element]));
  let at = list.firstElementChild;
  for (const item of items) {
    const key = String(keyOf(item));
    let element = known.get(key);
    known.delete(key);
    if (!element) {
      element = create(item);
      element.dataset.key = key;
    }
    update(element, item);
    if (element === at) at = at.nextElementSibling;
    else list.insertBefore(element, at);
  }
  for (const element of known.values()) element.remove();
}

export async function ask(path, parameters = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== ""));
  const answer = await fetch(`${path}?${query}`);
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.json();
}

export const count = value => value.toLocaleString("en");

export const clock = time => new Date(time).toLocaleTimeString("en-GB");

export const moment = time => new Date(time).toLocaleString("sv-SE");

export function duration(ms) {
  const units = [["d", 86400000], ["h", 3600000], ["min", 60000], ["s", 1000]];
  const first = units.findIndex(([, length]) => ms >= length);
  if (first < 0) return "0 s";
  const [name, length] = units[first];
  const next = units[first + 1];
  const rest = next ? Math.floor(ms % length / next[1]) : 0;
  return `${Math.floor(ms / length)} ${name}${rest > 0 ? ` ${rest} ${next[0]}` : ""}`;
}

// A limit and what is used of it; without a limit the figure alone.
export function usage(label, used, max, noun = "") {
  const words = `${count(used)}${max > 0 ? ` of ${count(max)}` : ""}${noun && ` ${noun}`}`;
  if (max <= 0) return [make("span", { text: words })];
  return [
    make("span", { text: words }),
    make("meter", { min: 0, max, value: used, high: max * 0.9, optimum: 0, "aria-label": label }),
  ];
}
