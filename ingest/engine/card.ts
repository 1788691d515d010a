import { z } from 'zod';
import type { Channels, Resize, Supervision } from '../../prisma/generated/enums.ts';
import type { FixedInputs, Normalisation, TokenGrid } from './engine.ts';

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
  /** Values of inputs beside the image; null where it names none. */
  inputs: FixedInputs | null;
  /** The output that is the classifier's; null where the card does not say. */
  output: string | null;
  /** What it says of them: of pixel / 255, one number for each of the network's channels or one for all. */
  normalisation: Partial<Normalisation>;
  /** null: RGB, or grey where the network takes one channel. */
  channels: Channels | null;
  /** null where the card does not say; then the model itself must. */
  inputSize: { height: number; width: number } | null;
}

/** Without a card nothing is known. */
export const NO_CARD: ModelCard = {
  facts: {},
  normalisation: {},
  channels: null,
  inputSize: null,
  resize: 'STRETCH',
  tokens: null,
  inputs: null,
  output: null,
};

/** One number for each channel, or one for all, in a list or alone. */
const channelwise = (number: z.ZodNumber) =>
  z.preprocess(
    (value) => (typeof value === 'number' ? [value] : value),
    z.array(number).refine(({ length }) => length === 1 || length === 3, 'must be one number, or one for each of three channels'),
  );
const mean = channelwise(z.number());
const std = channelwise(z.number().positive());

const SUPERVISIONS: Readonly<Record<string, Supervision>> = { supervised: 'SUPERVISED', selfsupervised: 'SELF_SUPERVISED', none: 'NONE' };
const supervision = z.string().transform((text, context) => {
  const known = SUPERVISIONS[text.toLowerCase().replace(/[^a-z]/g, '')];
  if (!known) context.addIssue(`"${text}" is none of supervised, self-supervised, none`);
  return known;
});

/**
 * [batch, channels, height, width] or [batch, height, width, channels], the batch left out or not; open dimensions are
 * names or null.
 */
const shape = z
  .array(z.union([z.number().int(), z.string(), z.null()]))
  .refine((sizes) => sizes.length === 3 || sizes.length === 4, 'must have three or four dimensions, such as [3, 224, 224]')
  .transform((sizes) => {
    const [first, second, third] = sizes.slice(-3);
    const [height, width] = isChannels(third) && !isChannels(first) ? [first, second] : [second, third];
    return typeof height === 'number' && typeof width === 'number' && height > 0 && width > 0 ? { height, width } : null;
  });

const isChannels = (size: unknown) => size === 3 || size === 1;

/** What `mean` and `std` speak of: pixels divided by 255, or pixels as they are. */
const scale = z.enum(['x/255', 'x']);

const CHANNELS: Readonly<Record<string, Channels>> = { rgb: 'RGB', bgr: 'BGR', grey: 'GREY', gray: 'GREY' };
const channels = z.string().transform((text, context) => {
  const known = CHANNELS[text.toLowerCase()];
  if (!known) context.addIssue(`"${text}" is none of rgb, bgr, grey`);
  return known;
});

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
  mean: mean.nullish(),
  std: std.nullish(),
  resize: z.enum(['stretch', 'crop', 'pad']).nullish(),
  tokens: tokens.nullish(),
  inputs: z.record(z.string(), z.union([z.boolean(), z.number(), z.array(z.union([z.boolean(), z.number()]))])).nullish(),
  output: z.string().nullish(),
  input: z
    .looseObject({
      shape: shape.nullish(),
      channels: channels.nullish(),
      scale: scale.nullish(),
      mean: mean.nullish(),
      std: std.nullish(),
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
  const white = fields.input?.scale === 'x' ? 255 : 1;
  const means = fields.input?.mean ?? fields.mean;
  const stds = fields.input?.std ?? fields.std;
  return {
    facts: Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null && value !== undefined)),
    normalisation: {
      ...(means && { mean: means.map((value) => value / white) }),
      ...(stds && { std: stds.map((value) => value / white) }),
    },
    channels: fields.input?.channels ?? null,
    inputSize: fields.input?.shape ?? null,
    resize: RESIZES[fields.resize ?? 'stretch'],
    inputs: fields.inputs ?? null,
    output: fields.output ?? null,
    tokens: fields.tokens ? { height: fields.tokens.grid[0], width: fields.tokens.grid[1], skip: fields.tokens.skip ?? 0 } : null,
  };
}
