/**
 * The same four questions for three servers: in our schema, in PostGraphile's, and as one statement with the rest done
 * by hand.
 */
import { encodeId } from '../../core/ids.ts';
import { CONCEPTS, type StoreSize } from './fill.ts';

export interface Question {
  name: string;
  /** Of the n-th request: never the same twice in a row, as a cache would not be what is measured. */
  variables(n: number, size: StoreSize): { id: number; text: string };
  ours: string;
  postgraphile: string;
  /** One row, one column `data`; $1 is the id, $2 the text. */
  sql: string;
  /** From the data of an answer to what all three must say. */
  read: Record<Contender, (data: never) => unknown>;
}

export type Contender = 'ours' | 'postgraphile' | 'bare';

/** What our variables are: `id` is global. */
export const ourVariables = ({ id, text }: { id: number; text: string }, type: 'Dissection' | 'Unit') => ({ id: encodeId(type, id), text });

const asIs = (data: unknown) => data;

interface OurUnit {
  index: number;
  iou: number;
  label: { name: string };
  dissection: { layer: { name: string; model: { slug: string } } };
  topImages: { rank: number; image: { file: string } }[];
}
interface TheirUnit {
  index: number;
  iou: number;
  conceptByLabelId: { name: string };
  dissectionByDissectionId: { layerByLayerId: { name: string; modelByModelId: { slug: string } } };
  topImagesByUnitIdList: { rank: number; imageByImageId: { file: string } }[];
}

export const QUESTIONS: readonly Question[] = [
  {
    name: 'units by concept',
    variables: (n) => ({ id: 1, text: `concept ${(n * 31) % CONCEPTS}` }),
    ours: `query ($text: String!) { units(filter: { dataset: "broden", concept: $text }, first: 50) { nodes {
      index iou label { name } dissection { layer { name model { slug } } } topImages(first: 1) { rank image { file } } } } }`,
    postgraphile: `query ($text: String!) { allConceptsList(condition: { name: $text }) { unitsByLabelIdList(first: 50, orderBy: [IOU_DESC, ID_DESC]) {
      index iou conceptByLabelId { name } dissectionByDissectionId { layerByLayerId { name modelByModelId { slug } } }
      topImagesByUnitIdList(first: 1, orderBy: [PRIMARY_KEY_ASC]) { rank imageByImageId { file } } } } }`,
    sql: `SELECT coalesce(json_agg(x ORDER BY x.iou DESC, x.id DESC), '[]') AS data FROM (
      SELECT u.id, u.index, u.iou, c.name AS label, l.name AS layer, m.slug AS model,
        (SELECT json_agg(json_build_object('rank', t.rank, 'file', i.file)) FROM top_images t JOIN images i ON i.id = t.image_id
         WHERE t.unit_id = u.id AND t.rank <= 1) AS images
      FROM concepts c JOIN units u ON u.label_id = c.id JOIN dissections d ON d.id = u.dissection_id AND d.current AND d.tau = 0.005
      JOIN layers l ON l.id = d.layer_id JOIN models m ON m.id = l.model_id
      WHERE c.dataset_id = $1::int AND c.name = $2::text ORDER BY u.iou DESC, u.id DESC LIMIT 50) x`,
    read: {
      ours: ({ units }: { units: { nodes: OurUnit[] } }) =>
        units.nodes.map(({ index, iou, label, dissection: { layer }, topImages }) => [
          ...[index, iou, label.name, layer.name, layer.model.slug],
          topImages.map(({ rank, image }) => [rank, image.file]),
        ]),
      postgraphile: ({ allConceptsList: [concept] }: { allConceptsList: { unitsByLabelIdList: TheirUnit[] }[] }) =>
        concept.unitsByLabelIdList.map((unit) => [
          ...[unit.index, unit.iou, unit.conceptByLabelId.name, unit.dissectionByDissectionId.layerByLayerId.name],
          unit.dissectionByDissectionId.layerByLayerId.modelByModelId.slug,
          unit.topImagesByUnitIdList.map(({ rank, imageByImageId }) => [rank, imageByImageId.file]),
        ]),
      bare: (
        units: {
          index: number;
          iou: number;
          label: string;
          layer: string;
          model: string;
          images: { rank: number; file: string }[] | null;
        }[],
      ) =>
        units.map(({ index, iou, label, layer, model, images }) => [
          ...[index, iou, label, layer, model],
          (images ?? []).map(({ rank, file }) => [rank, file]),
        ]),
    },
  },
  {
    name: '100 units, 10 scores',
    variables: (n, { models, layers }) => ({ id: 1 + ((n * 7) % (models * layers)), text: '' }),
    ours: `query ($id: ID!) { node(id: $id) { ... on Dissection { units(first: 100) { nodes { index scores(first: 10) { iou concept { name } } } } } } }`,
    postgraphile: `query ($id: Int!) { dissectionById(id: $id) { unitsByDissectionIdList(first: 100, orderBy: [INDEX_ASC]) {
      index unitScoresByUnitIdList(first: 10, orderBy: [IOU_DESC, CONCEPT_ID_ASC]) { iou conceptByConceptId { name } } } } }`,
    sql: `SELECT json_agg(json_build_object('index', x.index, 'scores', x.scores) ORDER BY x.index) AS data FROM (
      SELECT s.index, json_agg(json_build_object('iou', s.iou, 'name', s.name) ORDER BY s.place) AS scores FROM (
        SELECT u.index, s.iou, c.name, row_number() OVER (PARTITION BY u.id ORDER BY s.iou DESC, c.index) AS place
        FROM (SELECT id, index FROM units WHERE dissection_id = $1::int ORDER BY index LIMIT 100) u
        JOIN unit_scores s ON s.unit_id = u.id JOIN concepts c ON c.id = s.concept_id) s
      WHERE s.place <= 10 AND $2::text IS NOT NULL GROUP BY s.index) x`,
    read: {
      ours: ({ node }: { node: { units: { nodes: { index: number; scores: { iou: number; concept: { name: string } }[] }[] } } }) =>
        node.units.nodes.map(({ index, scores }) => [index, scores.map(({ iou, concept }) => [iou, concept.name])]),
      postgraphile: ({
        dissectionById,
      }: {
        dissectionById: {
          unitsByDissectionIdList: { index: number; unitScoresByUnitIdList: { iou: number; conceptByConceptId: { name: string } }[] }[];
        };
      }) =>
        dissectionById.unitsByDissectionIdList.map(({ index, unitScoresByUnitIdList }) => [
          index,
          unitScoresByUnitIdList.map(({ iou, conceptByConceptId }) => [iou, conceptByConceptId.name]),
        ]),
      bare: (units: { index: number; scores: { iou: number; name: string }[] }[]) =>
        units.map(({ index, scores }) => [index, scores.map(({ iou, name }) => [iou, name])]),
    },
  },
  {
    name: 'a unit by its id',
    variables: (n, { models, layers, units }) => ({ id: 1 + ((n * 7919) % (models * layers * units)), text: '' }),
    ours: 'query ($id: ID!) { node(id: $id) { ... on Unit { index iou threshold category } } }',
    postgraphile: 'query ($id: Int!) { unitById(id: $id) { index iou threshold category } }',
    sql: `SELECT json_build_object('index', u.index, 'iou', u.iou, 'threshold', u.threshold, 'category', u.category) AS data
      FROM units u WHERE u.id = $1::int AND $2::text IS NOT NULL`,
    read: { ours: ({ node }: { node: unknown }) => node, postgraphile: ({ unitById }: { unitById: unknown }) => unitById, bare: asIs },
  },
  {
    name: 'unique detectors of 250 layers',
    variables: () => ({ id: 1, text: '' }),
    ours: '{ models(first: 50) { nodes { layers { dissection(dataset: "broden") { uniqueDetectors } } } } }',
    postgraphile: `{ allModelsList(first: 50, orderBy: [SLUG_ASC]) { layersByModelIdList(orderBy: [INDEX_ASC]) {
      dissectionsByLayerIdList { uniqueDetectors } } } }`,
    sql: `SELECT json_agg(x.counts ORDER BY x.slug) AS data FROM (
      SELECT m.slug, json_agg(coalesce(n.labels, 0) ORDER BY l.index) AS counts
      FROM (SELECT id, slug FROM models ORDER BY slug LIMIT 50) m JOIN layers l ON l.model_id = m.id
      JOIN dissections d ON d.layer_id = l.id AND d.dataset_id = $1::int AND d.current AND d.tau = 0.005 AND d.basis = 'IDENTITY'
      LEFT JOIN LATERAL (SELECT count(DISTINCT u.label_id)::int AS labels FROM units u WHERE u.dissection_id = d.id AND u.iou > 0.04) n ON TRUE
      WHERE $2::text IS NOT NULL GROUP BY m.slug) x`,
    read: {
      ours: ({ models }: { models: { nodes: { layers: { dissection: { uniqueDetectors: number } }[] }[] } }) =>
        models.nodes.map(({ layers }) => layers.map(({ dissection }) => dissection.uniqueDetectors)),
      postgraphile: ({
        allModelsList,
      }: {
        allModelsList: { layersByModelIdList: { dissectionsByLayerIdList: [{ uniqueDetectors: number }] }[] }[];
      }) =>
        allModelsList.map(({ layersByModelIdList }) =>
          layersByModelIdList.map(({ dissectionsByLayerIdList: [dissection] }) => dissection.uniqueDetectors),
        ),
      bare: asIs,
    },
  },
];

/** What PostGraphile needs for the last: a column that is computed. */
export const POSTGRAPHILE_SQL = `CREATE OR REPLACE FUNCTION dissections_unique_detectors(d dissections) RETURNS int STABLE LANGUAGE sql AS $$
  SELECT count(DISTINCT u.label_id)::int FROM units u WHERE u.dissection_id = d.id AND u.iou > 0.04 $$`;
