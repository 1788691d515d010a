/**
 * The browser that the dashboard's tests run in: one of this machine, else the one inside the package
 * @sparticuz/chromium.
 */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
/** Nothing but pages: no sandbox, which root may not have, and no calls home. */
const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** null, with one printed line, where there is none; throws on CI, which must not pass by skipping. */
export async function openBrowser(): Promise<Browser | null> {
  try {
    const executablePath = process.env.DISSECTORY_BROWSER ?? PLACES.find((place) => existsSync(place));
    if (executablePath) return await chromium.launch({ executablePath, args: FLAGS });
    return await openPackaged();
  } catch (error) {
    if (process.env.CI === 'true') throw error;
    console.log(`skipped: no browser opens here (${String(error).split('\n')[0]}); DISSECTORY_BROWSER may name one`);
    return null;
  }
}

/** The package unpacks the libraries that its browser needs only where it believes to be on AWS Lambda. */
async function openPackaged(): Promise<Browser> {
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs20.x';
  const { default: packaged } = await import('@sparticuz/chromium');
  const executablePath = await packaged.executablePath();
  const flags = FLAGS.filter((flag) => !flag.startsWith('--headless'));
  return chromium.launch({ executablePath, args: [...flags, '--headless=shell'], env: { ...process.env } as Record<string, string> });
}
