import { wrongWithHostileInput } from './collections/hostile.ts';
import { wrongLists } from './collections/lists.ts';
import { wrongInRaces } from './collections/races.ts';
import { wrongRecords } from './collections/records.ts';
import { wrongInTime } from './collections/restart.ts';
import { wrongVersions } from './collections/versions.ts';
import type { Sabotaged } from './sabotaged.ts';

export const wrongCollections: readonly Sabotaged[] = [
  ...wrongRecords,
  ...wrongVersions,
  ...wrongLists,
  ...wrongInRaces,
  ...wrongWithHostileInput,
  ...wrongInTime,
];
