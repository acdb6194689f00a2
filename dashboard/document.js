// What concerns the whole document and Streamlit leaves to nobody: its language and direction of writing, a link past
// the navigation, tables that the keyboard can scroll, charts that fit on paper, its feeds, no trace. `data`: lang and dir;
// skip and table are texts; feeds have href, type and title.

function skipLink() {
  const known = document.getElementById("skip")
  if (known) return known
  const link = document.createElement("a")
  link.id = "skip"
  link.href = "#stMain"
  link.addEventListener("click", (event) => {
    event.preventDefault() // the address is the reader's view, and stays
    document.getElementById("stMain")?.focus()
  })
  document.body.prepend(link)
  return link
}

// Programs that read feeds look for them in the head of a page.
function nameFeeds(feeds) {
  for (const old of document.head.querySelectorAll("link[data-feed]")) old.remove()
  for (const { href, type, title } of feeds) {
    const link = document.createElement("link")
    Object.assign(link, { rel: "alternate", href, type, title })
    link.dataset.feed = ""
    document.head.append(link)
  }
}

// A table wider than its place scrolls sideways: then it can be reached with Tab and scrolled with the arrow keys.
function reachTables(named) {
  for (const frame of document.querySelectorAll("[data-testid=stTable] > div, .brief .scroll")) {
    if (frame.scrollWidth > frame.clientWidth) {
      frame.tabIndex = 0
      frame.setAttribute("role", "group")
      frame.setAttribute("aria-label", named)
    } else if (frame.hasAttribute("role")) {
      frame.removeAttribute("tabindex")
      frame.removeAttribute("role")
      frame.removeAttribute("aria-label")
    }
  }
}

// Streamlit writes down for each page which theme it was drawn in, that of the browser: a trace of a visit without use.
function forgetTheme() {
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith("stActiveTheme")) localStorage.removeItem(name)
    }
  } catch {
    // a browser that stores nothing
  }
}

// A chart is drawn as wide as the screen; on paper it is made smaller as a whole.
const PAPER = 680 // points: 180 mm, A4 less its margins in style.css

function fitPaper() {
  for (const chart of document.querySelectorAll(".js-plotly-plot")) {
    chart.style.zoom = Math.min(1, PAPER / chart.offsetWidth)
  }
}

function fitScreen() {
  for (const chart of document.querySelectorAll(".js-plotly-plot")) chart.style.zoom = ""
}

let watching = null // what happens in the page, for as long as the component stands in it

export default function ({ data }) {
  document.documentElement.lang = data.lang
  document.documentElement.dir = data.dir
  skipLink().textContent = data.skip
  nameFeeds(data.feeds)
  watching?.()
  let asked = 0
  const soon = () => {
    cancelAnimationFrame(asked)
    asked = requestAnimationFrame(() => {
      reachTables(data.table)
      forgetTheme()
    })
  }
  const observer = new MutationObserver(soon)
  observer.observe(document.getElementById("root"), { childList: true, subtree: true })
  window.addEventListener("resize", soon)
  window.addEventListener("pagehide", forgetTheme) // it may have been written after the last change in the page
  window.addEventListener("beforeprint", fitPaper)
  window.addEventListener("afterprint", fitScreen)
  watching = () => {
    observer.disconnect()
    window.removeEventListener("resize", soon)
    window.removeEventListener("pagehide", forgetTheme)
    window.removeEventListener("beforeprint", fitPaper)
    window.removeEventListener("afterprint", fitScreen)
  }
  soon()
  return watching
}
