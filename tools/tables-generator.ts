/**
 * A generator of Prisma's: writes the tables of schema.prisma as Kysely wants them, so that SQL is checked by the
 * compiler against the same schema.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import helper, { type DMMF } from '@prisma/generator-helper';

helper.generatorHandler({
  onManifest: () => ({ prettyName: 'Tables', defaultOutput: 'generated/tables.ts' }),
  async onGenerate({ generator, dmmf }) {
    const file = generator.output?.value as string;
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, tablesOf(dmmf.datamodel.models));
  },
});

function tablesOf(models: readonly DMMF.Model[]): string {
  const tables = models.map((model) => {
    const columns = columnsOf(model).map((field) => `    ${field.dbName ?? field.name}: ${model.name}['${field.name}'];`);
    return `  ${model.dbName ?? model.name}: {\n${columns.join('\n')}\n  };`;
  });
  const facts = models.map((model) => {
    const fields = columnsOf(model).map(
      (field) => `      ${field.name}: { column: '${field.dbName ?? field.name}', type: '${typeOf(field)}' },`,
    );
    return `  ${model.name}: {\n    table: '${model.dbName ?? model.name}',\n    fields: {\n${fields.join('\n')}\n    },\n  },`;
  });
  return `// Written by tools/tables-generator.ts from schema.prisma.
import type { ${models.map(({ name }) => name).join(', ')} } from './client.ts';

/** Columns by table, typed as Prisma reads them. */
export interface Tables {
${tables.join('\n')}
}

/** Rows by model. */
export interface Rows {
${models.map(({ name }) => `  ${name}: ${name};`).join('\n')}
}

/** Of each model its table, and of each field its column. */
export const MODELS = {
${facts.join('\n')}
} as const;
`;
}

const columnsOf = (model: DMMF.Model): readonly DMMF.Field[] => model.fields.filter(({ kind }) => kind !== 'object');

const typeOf = ({ type, isList, kind }: DMMF.Field): string => (isList ? 'list' : kind === 'enum' ? 'String' : type);
