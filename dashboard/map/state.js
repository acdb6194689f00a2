// What the server says of a map that is drawn by map.js: passed on in the page, apart from the film, which is large.
export default function ({ data }) {
  globalThis.upstreamMaps ??= {};
  globalThis.upstreamMaps[data.map] = data;
  dispatchEvent(new CustomEvent("upstream-map", { detail: data.map }));
}
