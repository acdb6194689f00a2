// The reader's own list in this browser's storage. The server is told how many States it has and whether it is the list
// on the page; the codes themselves only once the reader opens it.
const NAME = "upstream:my-list";

function read() {
  try {
    return localStorage.getItem(NAME) || "";
  } catch {
    return null; // the browser allows no storage
  }
}

function carryOut(order) {
  try {
    if (order.command === "keep") localStorage.setItem(NAME, order.codes);
    if (order.command === "forget") localStorage.removeItem(NAME);
  } catch {
    return; // what is then read says so
  }
}

function look(data) {
  const kept = read();
  const pending = data.order && data.order.number !== (data.told || {}).done;
  const told = {
    allowed: kept !== null,
    count: kept ? kept.split(",").length : 0,
    same: kept === data.codes,
    done: data.order ? data.order.number : (data.told || {}).done || "",
    opened: pending && data.order.command === "open" ? kept || "" : "",
  };
  return told;
}

export default function ({ data, setStateValue }) {
  const before = data.told || {};
  if (data.order && data.order.number !== before.done) carryOut(data.order);
  const tell = () => {
    const told = look(data);
    if (Object.keys(told).some((name) => told[name] !== before[name])) setStateValue("told", told);
  };
  tell();
  window.addEventListener("storage", tell); // another tab has changed it
  return () => window.removeEventListener("storage", tell);
}
