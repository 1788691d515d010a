/**
 * What one request may ask for. A dashboard's largest page (500 units with images, scores, layer and model) is far
 * inside of it; pages nested in pages are not. Rows behind variables and unpaged lists are counted while they are read
 * (budget.ts).
 */
import { ApolloArmor } from '@escape.tech/graphql-armor';

export const MAX_BODY_BYTES = 256 * 1024;
export const MAX_BODY = '256kb';
export const MAX_TOKENS = 5_000;
/** Nodes that the pages of a question hold together at most, variables put in. */
export const MAX_ASKED_NODES = 500_000;
/** Of one answer. */
export const MAX_ERRORS = 20;
const MAX_DEPTH = 14;
const MAX_ALIASES = 100;
/** GraphQL Armor's count: 1 a scalar, 2 an object, times 1.5 a level, times `first`. */
const MAX_COST = 1_000_000;

/**
 * Validation rules for Apollo Server. Suggestions ("Did you mean") stay: the schema is public. Tokens are counted by
 * its parser.
 */
export const { validationRules } = new ApolloArmor({
  costLimit: { maxCost: MAX_COST },
  maxDepth: { n: MAX_DEPTH },
  maxAliases: { n: MAX_ALIASES },
  maxDirectives: { n: 50 },
  blockFieldSuggestion: { enabled: false },
  maxTokens: { enabled: false },
}).protect();
