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
            'Experiment',
            'Verdict',
            'ConceptImage',
            'FiringUnit',
            'RotationPoint',
            'RotationRun',
            'TauCurve',
            'UnitAtCheckpoint',
            'FinalLabel',
            'ConceptDetectors',
            'ConceptDetectorCount',
            'UnitChanges',
            'UnitChange',
            'ComparedGroup',
            'Job',
          ),
          ...rows('Comparison', 'ComparedLayer', 'ModelConnection', 'DatasetConnection', 'ConceptConnection', 'UnitConnection'),
          ...rows('ExperimentConnection', 'JobConnection', 'ConceptImageConnection'),
          Checkpoint: '../rows.ts#ModelRow',
          ReceptiveField: '../rows.ts#LayerRow',
          Provenance: '../rows.ts#DissectionRow',
          JobProgress: '../rows.ts#JobRow',
          ComputedRelation: '../rows.ts#UnitChangeRow',
        },
      },
    },
  },
};
export default config;
