export type { Branded } from './branded.ts';
export { countCharacters, endOfPrefix, foldCase, hasControls, isWellFormed } from './characters.ts';
export { type Counter, type Counters, counterRecords, seedOnce } from './counters.ts';
export { isHostName } from './host.ts';
export {
  type Clock,
  fromNumericDate,
  type Instant,
  instant,
  isInstant,
  parseInstant,
  plusSeconds,
  toNumericDate,
} from './instant.ts';
export {
  offsetOf,
  type Page,
  type PageFault,
  type PagePolicy,
  type PageRequest,
  pageOf,
  parsePageNumber,
  parsePageSize,
  type Slice,
} from './page.ts';
export { err, ok, type Refusal, type Result } from './result.ts';
export { OWN_SOURCE, type Source } from './source.ts';
export { Unavailable } from './unavailable.ts';
export { isUuid, type NewUuid } from './uuid.ts';
