import type { RequestHandler } from 'express';

/** Queries that need nothing known of the store. */
const EXAMPLES = {
  'What is stored': `{
  datasets {
    nodes { slug name imageCount categories { category conceptCount } }
  }
  models(orderBy: CREATED_DESC) {
    totalCount
    nodes { slug architecture trainingData accuracy layers { name unitCount } }
  }
}`,
  'Unique detectors by layer': `{
  models {
    nodes {
      slug
      layers {
        name
        dissections {
          dataset { slug }
          uniqueDetectors
          uniqueDetectorRatio
          byCategory { category uniqueDetectors detectors }
        }
      }
    }
  }
}`,
  'The best units of each layer': `{
  models {
    nodes {
      slug
      layers {
        name
        dissections {
          units(first: 3, orderBy: IOU_DESC) {
            nodes { index iou label { name category } topImages(first: 1) { overlayUrl } }
          }
        }
      }
    }
  }
}`,
};

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Dissectory</title>
<style>
  body { font: 15px system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem }
  main { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem }
  textarea, pre { font: 13px ui-monospace, monospace; box-sizing: border-box; width: 100%; height: 65vh; margin: 0; padding: .6rem; border: 1px solid #999; overflow: auto }
</style>
<h1>Dissectory</h1>
<p>What the units of networks detect, as GraphQL. Endpoint: <code>/graphql</code> (POST, JSON). Its schema can be introspected by any GraphQL client.
<p>Try: ${Object.keys(EXAMPLES)
  .map((name) => `<button type="button" class="example">${name}</button>`)
  .join(' ')}
<main><textarea aria-label="Query" spellcheck="false"></textarea><pre aria-label="Answer"></pre></main>
<p><button type="button" id="run">Run (Ctrl+Enter)</button>
<script>
  const examples = ${JSON.stringify(EXAMPLES)};
  const query = document.querySelector('textarea');
  const answer = document.querySelector('pre');
  async function run() {
    answer.textContent = '...';
    try {
      const response = await fetch('graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: query.value }) });
      answer.textContent = JSON.stringify(await response.json(), null, 2);
    } catch (error) {
      answer.textContent = String(error);
    }
  }
  for (const button of document.querySelectorAll('.example')) {
    button.onclick = () => { query.value = examples[button.textContent]; run(); };
  }
  document.getElementById('run').onclick = run;
  query.onkeydown = (event) => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) run(); };
  query.value = Object.values(examples)[0];
</script>
</html>
`;

/** A page to try queries on. Apollo's own comes from a CDN, which a machine without internet does not reach. */
export const landingPage: RequestHandler = (_, response) => {
  response.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'");
  response.type('html').send(PAGE);
};
