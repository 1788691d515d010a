import { z } from 'zod';
import type { Resize, Supervision } from '../../prisma/generated/enums.ts';
import type { Normalisation, TokenGrid } from './engine.ts';

/** What a model card says of a network; a fact that the card leaves out is absent. */
export interface ModelFacts {
  name?: string;
  architecture?: string;
  /** What it was trained on. */
  trainingData?: string;
  supervision?: Supervision;
  task?: string;
  /** In the order of the network's outputs. */
  classes?: string[];
  /** 0..1. */
  accuracy?: number;
  /** Slug of the training run whose checkpoint it is. */
  series?: string;
  /** Training steps until this checkpoint. */
  iteration?: number;
}

export interface ModelCard {
  facts: ModelFacts;
  resize: Resize;
  /** null: the network has no tokens, or the card does not say how they lie. */
  tokens: TokenGrid | null;
  normalisation: Normalisation;
  /** null where the card does not say; then the model itself must. */
  inputSize: { height: number; width: number } | null;
}

/** ImageNet's, with which most networks were trained in PyTorch: what is taken where no card says otherwise. */
export const DEFAULT_NORMALISATION: Normalisation = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

/** Without a card nothing is known, and ImageNet's normalisation is assumed. */
export const NO_CARD: ModelCard = {
  facts: {},
  normalisation: DEFAULT_NORMALISATION,
  inputSize: null,
  resize: 'STRETCH',
  tokens: null,
};

const triple = z.tuple([z.number(), z.number(), z.number()]);
const positiveTriple = z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]);

const SUPERVISIONS: Readonly<Record<string, Supervision>> = { supervised: 'SUPERVISED', selfsupervised: 'SELF_SUPERVISED', none: 'NONE' };
const supervision = z.string().transform((text, context) => {
  const known = SUPERVISIONS[text.toLowerCase().replace(/[^a-z]/g, '')];
  if (!known) context.addIssue(`"${text}" is none of supervised, self-supervised, none`);
  return known;
});

/** [batch, channels, height, width] or [batch, height, width, channels], the batch left out or not; open dimensions are names or null. */
const shape = z
  .array(z.union([z.number().int(), z.string(), z.null()]))
  .refine((sizes) => sizes.length === 3 || sizes.length === 4, 'must have three or four dimensions, such as [3, 224, 224]')
  .transform((sizes) => {
    const [first, second, third] = sizes.slice(-3);
    const [height, width] = third === 3 && first !== 3 ? [first, second] : [second, third];
    return typeof height === 'number' && typeof width === 'number' && height > 0 && width > 0 ? { height, width } : null;
  });

/** What `mean` and `std` speak of: pixels divided by 255, or pixels as they are. */
const scale = z.enum(['x/255', 'x']);

const RESIZES = { stretch: 'STRETCH', crop: 'CROP', pad: 'PAD' } as const satisfies Record<string, Resize>;

const tokens = z.looseObject({
  grid: z.tuple([z.number().int().positive(), z.number().int().positive()]),
  skip: z.number().int().nonnegative().nullish(),
});

/** Fields that are not here are left alone. */
export const cardSchema = z.looseObject({
  id: z.string().nullish(),
  name: z.string().nullish(),
  architecture: z.string().nullish(),
  dataset: z.string().nullish(),
  supervision: supervision.nullish(),
  task: z.string().nullish(),
  classes: z.array(z.string()).nullish(),
  top1: z.number().min(0).max(1).nullish(),
  series: z.string().nullish(),
  snapshot_of: z.string().nullish(),
  iteration: z.number().int().nonnegative().nullish(),
  mean: triple.nullish(),
  std: positiveTriple.nullish(),
  resize: z.enum(['stretch', 'crop', 'pad']).nullish(),
  tokens: tokens.nullish(),
  input: z
    .looseObject({
      shape: shape.nullish(),
      channels: z.literal('RGB').nullish(),
      scale: scale.nullish(),
      mean: triple.nullish(),
      std: positiveTriple.nullish(),
    })
    .nullish(),
});

/** Reads the facts out of a card's fields. `mean` and `std` may stand in `input` or beside it. */
export function interpretCard(fields: z.output<typeof cardSchema>): ModelCard {
  const facts = {
    name: fields.name ?? fields.id,
    architecture: fields.architecture,
    trainingData: fields.dataset,
    supervision: fields.supervision,
    task: fields.task,
    classes: fields.classes,
    accuracy: fields.top1,
    series: fields.series ?? fields.snapshot_of,
    iteration: fields.iteration,
  };
  const unit = fields.input?.scale === 'x' ? 255 : 1;
  return {
    facts: Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null && value !== undefined)),
    normalisation: {
      mean: inUnits(fields.input?.mean ?? fields.mean, unit) ?? DEFAULT_NORMALISATION.mean,
      std: inUnits(fields.input?.std ?? fields.std, unit) ?? DEFAULT_NORMALISATION.std,
    },
    inputSize: fields.input?.shape ?? null,
    resize: RESIZES[fields.resize ?? 'stretch'],
    tokens: fields.tokens ? { height: fields.tokens.grid[0], width: fields.tokens.grid[1], skip: fields.tokens.skip ?? 0 } : null,
  };
}

type Triple = readonly [number, number, number];

function inUnits(values: Triple | null | undefined, unit: number): Triple | null {
  return values ? [values[0] / unit, values[1] / unit, values[2] / unit] : null;
}
