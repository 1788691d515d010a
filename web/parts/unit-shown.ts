import type { UnitQuery } from '../generated/documents.ts';

type Layer = NonNullable<NonNullable<UnitQuery['model']>['layer']>;

/** The unit of a unit's page. */
export type UnitShown = NonNullable<NonNullable<Layer['dissection']>['unit']>;
