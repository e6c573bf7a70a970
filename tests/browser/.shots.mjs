import { hold, part, press, watch, enter, close } from "./lesson-page.mjs";
import { openBrowser } from "./browsers.mjs";
import { startFor } from "./ways.mjs";
import { installRack, LAPTOP, HEADSET, WEBCAM } from "./rack.mjs";
const out="/tmp/h-devices-shots"; import { mkdirSync } from "node:fs"; mkdirSync(out,{recursive:true});
const relay = await startFor("webSocket");
const { browser, page } = await openBrowser("chromium");
try {
 for (const [w,h] of [[390,844],[820,1180],[1440,900]]) {
  await page.setViewport({width:w,height:h});
  await page.goto("about:blank"); await page.goto(relay.studentLink);
  await page.waitForSelector(`${part("line-check")}:not([data-light="checking"])`,{timeout:60000});
  if (w!==820) await page.click(`${part("line-check")} summary`);
  await page.screenshot({path:`${out}/join-${w}.png`, fullPage: w===390});
 }
} finally { await browser.close(); await relay.stop(); }
await hold(["chromium"], { prepare: async (p)=>{await watch(p); await p.evaluateOnNewDocument(installRack,[LAPTOP,HEADSET,WEBCAM]);} }, async ([t]) => {
  await press(t,"mic-toggle"); await t.page.waitForFunction((s)=>document.querySelector(s).dataset.state==="on",{},part("mic-toggle"));
  await press(t,"mic-toggle"); await t.page.waitForSelector(part("muted-hint"));
  for (const [w,h] of [[390,844],[820,1180],[1440,900]]) { await t.page.setViewport({width:w,height:h}); await t.page.screenshot({path:`${out}/muted-${w}.png`}); }
  await (await t.page.waitForSelector(`${part("muted-hint")} button`)).click();
  await t.page.evaluate(()=>globalThis.mosaikRack.unplug("laptop"));
  await t.page.waitForSelector(part("mic-news"));
  await t.page.screenshot({path:`${out}/news-1440.png`});
  await (await t.page.waitForSelector('[aria-controls="devices-menu"]')).click(); await t.page.waitForSelector(part("devices-menu"));
  await (await t.page.waitForSelector(part("push-to-talk"))).click();
  for (const [w,h] of [[1440,900],[820,1180],[390,844]]) { await t.page.setViewport({width:w,height:h}); await new Promise(r=>setTimeout(r,300)); await t.page.screenshot({path:`${out}/menu-${w}.png`}); }
});
