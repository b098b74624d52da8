// Open a page in Chromium as readers do, and write down what happens as JSON: node look.mjs TOOLS CHROMIUM PAGE OUT
import { createRequire } from "node:module";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [tools, program, page, out] = process.argv.slice(2);
const require = createRequire(join(tools, "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];
const SPACING = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }";
const VIEWS = {
  wide: { viewport: { width: 1280, height: 800 } },
  narrow: { viewport: { width: 320, height: 640 } },
  "400 per cent": { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 },
  dark: { viewport: { width: 1280, height: 800 }, colorScheme: "dark" },
  "dark and narrow": { viewport: { width: 320, height: 640 }, colorScheme: "dark" },
  "forced colours": { viewport: { width: 1280, height: 800 }, forcedColors: "active" },
};

mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
const found = { views: {}, requests: [], console: [] };

async function open(view) {
  const context = await browser.newContext({ ...view, offline: true, bypassCSP: true, acceptDownloads: true });
  const tab = await context.newPage();
  tab.on("console", (message) => found.console.push(message.text()));
  tab.on("pageerror", (error) => found.console.push(String(error)));
  tab.on("request", (request) => {
    if (!request.url().startsWith("data:")) found.requests.push(request.url().replace(/^.*\//, ""));
  });
  await tab.goto(pathToFileURL(page).href);
  return tab;
}

const unfold = (tab) => tab.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true; }));

async function violations(tab) {
  await tab.evaluate(axe);
  return tab.evaluate(async (tags) => {
    const { violations: all } = await window.axe.run({ runOnly: tags });
    return all.map((one) => `${one.id}: ${one.nodes.length} x ${one.nodes[0].html.slice(0, 150)}`);
  }, TAGS);
}

// Where something is wider than the window, or lies over something else.
const layout = (tab) => tab.evaluate(() => {
  const box = (selector) => document.querySelector(selector)?.getBoundingClientRect();
  const [contents, text] = [box("#TOC"), box("main")];
  const apart = !contents || contents.right <= text.left || contents.bottom <= text.top;
  const small = [...document.querySelectorAll("svg text")].map((one) => {
    const drawing = one.ownerSVGElement;
    return parseFloat(getComputedStyle(one).fontSize) * drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width;
  });
  const cut = [...document.querySelectorAll("main *")].filter((one) => {
    const style = getComputedStyle(one);
    return style.overflowX === "hidden" && one.scrollWidth > one.clientWidth + 1;
  });
  const heads = [...document.querySelectorAll("table")].map((one) => [...one.querySelectorAll("thead th")].map((cell) => cell.textContent));
  const outside = [...document.querySelectorAll("svg text")].filter((one) => {
    const [box, frame] = [one.getBoundingClientRect(), one.ownerSVGElement.getBoundingClientRect()];
    return box.left < frame.left - 2 || box.right > frame.right + 2;
  }).map((one) => one.textContent);
  return {
    outside, twice: heads.filter((row) => new Set(row).size < row.length),
    width: document.documentElement.scrollWidth, window: window.innerWidth, apart, cut: cut.length,
    letter: Math.min(...small),
  };
});

for (const [name, view] of Object.entries(VIEWS)) {
  const tab = await open(view);
  const said = { ...(await layout(tab)), folded: await violations(tab) };
  await unfold(tab);
  said.unfolded = await violations(tab);
  said.open = await layout(tab);
  if (name === "wide" || name === "narrow") {
    await tab.addStyleTag({ content: SPACING });
    said.spaced = await layout(tab);
  }
  found.views[name] = said;
  await tab.context().close();
}

// By keyboard alone: the stops in their order, each seen and not under the stripe.
const tab = await open(VIEWS.narrow);
const stop = () => tab.evaluate(() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  const at = document.elementFromPoint(box.left + Math.min(box.width, 20) / 2, box.top + Math.min(box.height, 20) / 2);
  window.stops ??= [];
  const before = window.stops.at(-1);
  window.stops.push(one);
  return {
    what: one.tagName + (one.id ? `#${one.id}` : ""), ring: getComputedStyle(one).outlineStyle,
    seen: one === at || one.contains(at) || at?.contains(one) && !at.closest(".stempel"),
    after: !before || Boolean(before.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING),
  };
});
found.stops = [];
for (let i = 0; i < 400; i++) {
  await tab.keyboard.press("Tab");
  if (await tab.evaluate(() => document.activeElement === document.body)) break;
  const here = await stop();
  if (found.stops.length && here.what === found.stops[0].what) break;
  found.stops.push(here);
}
found.focusable = await tab.evaluate(() => document.querySelectorAll("a[href], summary, [tabindex='0']").length
  - document.querySelectorAll("details:not([open]) a[href]").length);
await tab.evaluate(() => { window.scrollTo(0, 0); document.querySelector("#spring").focus(); });
await tab.keyboard.press("Enter");
found.skipped = await tab.evaluate(() => document.activeElement.id);

// The first figure's summary: open it, scroll its frame, save its numbers.
const summary = tab.locator("figure:has(svg)").first().locator("xpath=ancestor::*[contains(@class, 'rul')]").locator("summary");
await summary.focus();
await tab.keyboard.press("ArrowRight");
await tab.waitForTimeout(400);
found.scrolled = await summary.evaluate((one) => one.closest(".rul").scrollLeft);
await tab.keyboard.press("Enter");
const details = summary.locator("xpath=..");
found.opened = await details.evaluate((one) => one.open);
found.heads = await details.locator("thead th").allTextContents();
const [download] = await Promise.all([tab.waitForEvent("download"), details.locator("a[download]").click()]);
found.saved = { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
await tab.context().close();

const paper = await open(VIEWS.wide);
await paper.emulateMedia({ media: "print" });
found.printed = await paper.evaluate(() => ({
  details: [...document.querySelectorAll("details, #spring")].filter((one) => one.offsetParent).length,
  wide: [...document.querySelectorAll("main table, main svg")].filter((one) => one.getBoundingClientRect().width > 1280).length,
}));
await paper.pdf({ path: join(out, "paper.pdf"), format: "A4" });
for (const name of ["wide", "narrow", "dark"]) {
  const look = await open(VIEWS[name]);
  const drawings = await look.locator("figure:has(svg)").all();
  for (const drawing of drawings) {
    const figure = await drawing.evaluate((one) => one.closest("[id]").id);
    await drawing.locator("svg").screenshot({ path: join(out, `${name} ${figure}.png`) });
  }
  await look.context().close();
}
await browser.close();
writeFileSync(join(out, "found.json"), JSON.stringify(found, null, 1));
