/** What a dashboard asks; on a store of any size each must be answered within 50 ms. */
export const DASHBOARD: readonly { name: string; query: string }[] = [
  { name: 'units, no concept, 500', query: '{ units(filter: { dataset: "broden" }, first: 500) { nodes { index iou } } }' },
  { name: 'units by category, 500', query: '{ units(filter: { dataset: "broden", category: PART }, first: 500) { nodes { index iou } } }' },
  { name: 'units by text, 50', query: '{ units(filter: { dataset: "broden", search: "concept 11" }, first: 50) { nodes { index iou } } }' },
  {
    name: 'units of a model, 50',
    query: '{ units(filter: { dataset: "broden", models: ["model-7"] }, first: 50) { nodes { index iou } } }',
  },
  {
    name: 'finalLabels',
    query: '{ series(slug: "run-3") { finalLabels(layer: "conv5", dataset: "broden") { unitIndex iou label { name } } } }',
  },
  {
    name: 'compare 100, PER_CATEGORY',
    query: `{ compare(dataset: "broden", rule: PER_CATEGORY, layers: [${Array.from({ length: 100 }, (_, n) => `{ model: "model-${n}" }`).join(' ')}]) {
      layers { uniqueDetectors detectors byCategory { category uniqueDetectors } } } }`,
  },
  {
    name: 'compare 100, TOP_LABEL',
    query: `{ compare(dataset: "broden", layers: [${Array.from({ length: 100 }, (_, n) => `{ model: "model-${n}" }`).join(' ')}]) {
      layers { uniqueDetectors detectors byCategory { category uniqueDetectors } } } }`,
  },
  {
    name: 'topScores of 100 units',
    query: `{ model(slug: "model-9") { layer(name: "conv5") { dissection(dataset: "broden") { units(first: 100) { nodes {
      index scores(first: 10) { iou concept { name } } } } } } } }`,
  },
  {
    name: 'a layer with top images',
    query: `{ model(slug: "model-9") { layer(name: "conv5") { dissection(dataset: "broden") { units(first: 128, orderBy: IOU_DESC) { nodes {
      index iou label { name category } topImages(first: 7) { overlayUrl image { file } } } } } } } }`,
  },
  {
    name: 'conceptDetectors',
    query:
      '{ model(slug: "model-9") { layer(name: "conv5") { dissection(dataset: "broden") { conceptDetectors { concepts { concept { name } detectors meanIou } } } } } }',
  },
  { name: 'models with layers', query: '{ models(first: 50) { totalCount nodes { slug accuracy layers { name unitCount } } } }' },
  { name: 'detectedConcepts', query: '{ detectedConcepts(dataset: "broden", first: 50) { concept { name } detectors models meanIou } }' },
];
