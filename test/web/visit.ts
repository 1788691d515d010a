import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface Look {
  width: number;
  theme: 'light' | 'dark';
}

export const LOOKS: Look[] = [
  { width: 1280, theme: 'light' },
  { width: 375, theme: 'dark' },
];

/** A page of the dashboard, in a browser window of its own, with all that it complained about. */
export interface Visit {
  page: Page;
  /** What the console was told, requests that failed and answers of 400 and above. */
  complaints: string[];
  close(): Promise<void>;
}

export async function visit(browser: Browser, url: string, { width, theme }: Look): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: theme });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('requestfailed', (request) => {
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') complaints.push(`${request.url()}: ${request.failure()?.errorText}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
  });
  await page.goto(url);
  await page.locator('h1').waitFor();
  return { page, complaints, close: () => context.close() };
}

/**
 * What every page must be: quiet, free of axe's violations, no wider than the window, with one heading of the first
 * level.
 */
export async function expectSound({ page, complaints }: Visit): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<{ violations: AxeViolation[] }>('axe.run()');
  const said = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  expect(said).toEqual([]);
  expect(complaints).toEqual([]);
  expect(await page.locator('h1').count()).toBe(1);
  const wider = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  expect(wider).toBeLessThanOrEqual(0);
}

interface AxeViolation {
  id: string;
  nodes: { html: string }[];
}
