import type { CodegenConfig } from '@graphql-codegen/cli';

const rows = (...types: string[]) => Object.fromEntries(types.map((type) => [type, `../rows.ts#${type}Row`]));

const config: CodegenConfig = {
  schema: 'schema.graphql',
  generates: {
    'src/generated/resolvers.ts': {
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        contextType: '../context.ts#Context',
        scalars: { BigInt: 'bigint', DateTime: 'Date' },
        mappers: {
          ...rows(
            'Node',
            'Model',
            'Layer',
            'Dataset',
            'DatasetCategory',
            'Concept',
            'Image',
            'Dissection',
            'Unit',
            'UnitScore',
            'TopImage',
            'Series',
          ),
          ...rows('Comparison', 'ComparedLayer', 'ModelConnection', 'DatasetConnection', 'ConceptConnection', 'UnitConnection'),
          Checkpoint: '../rows.ts#ModelRow',
          ReceptiveField: '../rows.ts#LayerRow',
          Provenance: '../rows.ts#DissectionRow',
        },
      },
    },
  },
};
export default config;
