import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../src/http/server.ts';
import { type TemporaryStore, temporaryStore } from '../ingest/temporary-store.ts';
import { openBrowser } from './browser.ts';
import { startProxy } from './proxy.ts';
import { expectSound, LOOKS, type Look, type Visit, visit } from './visit.ts';
import { fillStore } from './world.ts';

const WIDE = LOOKS[0];

describe('the dashboard in a browser', () => {
  let browser: Browser | null;
  let temporary: TemporaryStore;
  let server: RunningServer;

  beforeAll(async () => {
    browser = await openBrowser();
    if (!browser) return;
    temporary = await temporaryStore();
    await fillStore(temporary);
    server = await startServer({ store: temporary.store, port: 0, host: '127.0.0.1' });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await temporary?.remove();
  });

  /** Does something with a page; nothing where there is no browser. */
  const on = async (path: string, look: Look, judge: (visit: Visit) => Promise<void>) => {
    if (!browser) return;
    const visited = await visit(browser, server.url + path, look);
    try {
      await judge(visited);
    } finally {
      await visited.close();
    }
  };

  /** Of each a narrow, dark look too; of the others where ALL_LOOKS is set. */
  const MAIN = ['/', '/models', '/models/alexnet-fc/layers/conv5', '/models/run/layers/conv5/units/3', '/compare', '/series/run'];
  const PAGES = [
    '/',
    '/models',
    '/models/alexnet-fc',
    '/models/alexnet-fc/layers/conv5',
    '/models/run/layers/conv5/units/3',
    '/concepts',
    '/concepts/color/red-c',
    '/search?q=a',
    '/compare',
    '/series',
    '/series/run',
    '/changes?before=run@100/conv5&after=run/conv5&change=KEPT',
    '/experiments',
    '/explain',
    '/ingest',
    '/studies',
    '/no-such-page',
    '/models/no-such-model',
  ];
  const looksAt = (path: string) => (MAIN.includes(path) || process.env.ALL_LOOKS ? LOOKS : [WIDE]);
  it.each(PAGES.flatMap((path) => looksAt(path).map((look) => ({ path, ...look }))))(
    'shows $path soundly, $width pixels wide, $theme',
    async ({ path, ...look }) => on(path, look, expectSound),
  );

  it('leads from the start to a unit in three clicks', async () =>
    on('/', WIDE, async ({ page }) => {
      await page.getByRole('link', { name: 'Models', exact: true }).click();
      await page
        .getByRole('row', { name: /alexnet-fc/ })
        .getByRole('link', { name: 'conv5' })
        .click();
      await page.getByRole('listitem').getByRole('link').first().click();
      await page.getByRole('heading', { name: 'Images that excite it most' }).waitFor();
      expect(new URL(page.url()).pathname).toMatch(/^\/models\/alexnet-fc\/layers\/conv5\/units\/\d+$/);
    }));

  it('counts again while the slider of IoU moves, as the API counts, and keeps it in the URL', async () =>
    on('/models/alexnet-fc/layers/conv5', WIDE, async ({ page }) => {
      const slider = page.getByRole('slider');
      await slider.fill('0.1');
      await expect.poll(() => new URL(page.url()).searchParams.get('minIou')).toBe('0.1');
      const { unique, detectors } = await counts(server.url, 0.1);
      const status = page.getByRole('status').first();
      await expect.poll(() => status.innerText()).toMatch(new RegExp(`^${unique} unique detectors`));
      await expect.poll(() => page.getByText(`${detectors} units shown`).count()).toBe(1);
      await page.goBack();
      await page.goForward();
    }));

  it('shows a unit with its mask as lit, outlined, warm and off, and with another threshold', async () =>
    on('/models/run/layers/conv5/units/3', WIDE, async (visited) => {
      const { page } = visited;
      for (const style of ['Outline', 'Heat', 'Off', 'Lit']) {
        await page.getByRole('button', { name: style }).click();
        expect(await page.getByRole('button', { name: style }).getAttribute('aria-pressed')).toBe('true');
      }
      await page.getByRole('slider').fill('0');
      await page.locator('canvas').first().waitFor();
      await expectSound(visited);
    }));

  it('makes a study, whose raters answer by keys and lose nothing when they come back', async () =>
    on('/studies', WIDE, async (visited) => {
      const { page } = visited;
      await page.getByLabel('Title').fill('Units of conv5');
      await page.getByLabel('Short name').fill('units');
      await page.getByLabel('Units a layer').fill('2');
      await page.getByLabel('run/conv5').check();
      await page.getByRole('button', { name: 'Make the study' }).click();
      await page.getByRole('heading', { name: 'Units of conv5', level: 1 }).waitFor();
      await expectSound(visited);
      await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Ann');
      await page.getByRole('button', { name: 'Make a link' }).click();
      const link = (await page.getByRole('link', { name: /\/rate\// }).getAttribute('href')) ?? '';
      await page.goto(link);
      await page.getByText(/^“.+”$/).waitFor();
      await expectSound(visited);
      await page.keyboard.press('y');
      await page.getByText('1 answer given, 1 to go').waitFor();
      await page.goto(link);
      await page.getByText('1 answer given, 1 to go').waitFor();
      await page.getByRole('button', { name: 'No (N)' }).click();
      await page.getByText('That is all for now').waitFor();
      await page.getByRole('button', { name: 'Describe units' }).click();
      await page.getByLabel('What is lit').fill('dog faces');
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByText('1 answer given, 1 to go').waitFor();
      await page.goto(`${server.url}/studies/units`);
      await page.getByText('Ann: 2 votes, 1 phrase').waitFor();
    }));

  it('works below the path of a proxy that takes it off', async () => {
    if (!browser) return;
    const proxy = await startProxy('/tools/dissectory', server.url);
    try {
      const visited = await visit(browser, `${proxy.url}/tools/dissectory/models/alexnet-fc/layers/conv5`, WIDE);
      await visited.page.getByRole('listitem').getByRole('link').first().click();
      await visited.page.getByRole('heading', { name: 'Images that excite it most' }).waitFor();
      expect(visited.page.url()).toContain('/tools/dissectory/models/alexnet-fc/layers/conv5/units/');
      await expectSound(visited);
      await visited.close();
    } finally {
      proxy.close();
    }
  });

  it('lets the keyboard skip to the content', async () =>
    on('/', WIDE, async ({ page }) => {
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.id')).toBe('main');
    }));
});

async function counts(url: string, minIou: number): Promise<{ unique: number; detectors: number }> {
  const query = `{ model(slug: "alexnet-fc") { layer(name: "conv5") { dissection(dataset: "tiny") {
    unique: uniqueDetectors(minIou: ${minIou}) detectors(minIou: ${minIou}) } } } }`;
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
  const { data } = (await response.json()) as { data: { model: { layer: { dissection: { unique: number; detectors: number } } } } };
  return data.model.layer.dissection;
}
