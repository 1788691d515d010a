/**
 * A process of its own that dissects once and says what it took: `node peak.js IMAGES MODEL LAYER`. The passes of the
 * network are replayed.
 */
import { replayed } from './replay.ts';
import { dissectStage, setStage } from './stage.ts';

const [images, model, layer] = process.argv.slice(2);
const stage = await setStage(Number(images), [layer], model);
const start = performance.now();
const used = process.cpuUsage();
await dissectStage({ ...stage, runner: replayed(stage.runner) });
const { user, system } = process.cpuUsage(used);
await stage.runner.close();
console.log(
  JSON.stringify({ wall: performance.now() - start, processor: (user + system) / 1000, megabytes: process.resourceUsage().maxRSS / 1024 }),
);
