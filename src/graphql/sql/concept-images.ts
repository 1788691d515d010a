import { Prisma } from '../../../prisma/generated/client.ts';
import type { Orders, Page } from '../connections.ts';
import type { ConceptImageRow } from '../rows.ts';
import { beyond, orderBy } from './keyset.ts';

export interface FiringArgs {
  /** Slug; null: of any model. */
  model: string | null;
  tau: number;
  first: number;
}

const columns = Prisma.sql`o.concept_id AS "conceptId", o.image_id AS "imageId", o.pixels, o.coverage`;

export const conceptImageOrders: Orders<'COVERAGE_DESC', ConceptImageRow> = {
  COVERAGE_DESC: {
    direction: 'DESC',
    columns: [
      { sql: Prisma.sql`o.coverage`, type: 'float8', of: (one) => one.coverage },
      { sql: Prisma.sql`o.image_id`, type: 'int4', of: (one) => one.imageId },
    ],
  },
};

/** The same page of each of many concepts' images, one row more than its limit where there is one. */
export function imagesOfConcepts(concepts: number[], page: Page<'COVERAGE_DESC'>, limit: number): Prisma.Sql {
  const order = orderBy(conceptImageOrders[page.order], page);
  return Prisma.sql`
    SELECT ${columns}
    FROM unnest(${concepts}::int[]) AS c(id)
    CROSS JOIN LATERAL (
      SELECT o.* FROM concept_images o
      WHERE o.concept_id = c.id AND ${beyond(conceptImageOrders[page.order], page)}
      ORDER BY ${order} LIMIT ${page.limit + 1}) o
    ORDER BY ${order} LIMIT ${limit}`;
}

/** How many images carry each concept; concepts without any are left out. */
export const imageCountsOfConcepts = (concepts: number[]): Prisma.Sql => Prisma.sql`
  SELECT o.concept_id AS id, count(*)::int AS count FROM concept_images o WHERE o.concept_id = ANY(${concepts}::int[]) GROUP BY o.concept_id`;

/** The concepts of each image, most of it first. */
export const conceptsOfImages = (images: number[], limit: number): Prisma.Sql => Prisma.sql`
  SELECT ${columns} FROM concept_images o JOIN concepts c ON c.id = o.concept_id
  WHERE o.image_id = ANY(${images}::int[]) ORDER BY o.image_id, o.coverage DESC, c.index LIMIT ${limit}`;

/** Units of current dissections in the units' own basis at this tau that have the images among their top images. */
export function firingUnits(images: number[], { model, tau, first }: FiringArgs, limit: number): Prisma.Sql {
  const ofModel = model === null ? Prisma.sql`TRUE` : Prisma.sql`m.slug = ${model}`;
  return Prisma.sql`
    SELECT t.*
    FROM unnest(${images}::int[]) AS i(id)
    CROSS JOIN LATERAL (
      SELECT t.unit_id AS "unitId", t.rank, t.image_id AS "imageId", t.max_activation AS "maxActivation"
      FROM top_images t
      JOIN units u ON u.id = t.unit_id
      JOIN dissections d ON d.id = u.dissection_id AND d.current AND d.basis = 'IDENTITY' AND d.tau = ${tau}::float8
      JOIN layers l ON l.id = d.layer_id
      JOIN models m ON m.id = l.model_id
      WHERE t.image_id = i.id AND ${ofModel}
      ORDER BY t.rank, t.unit_id LIMIT ${first}) t
    ORDER BY t."imageId", t.rank, t."unitId" LIMIT ${limit}`;
}
