export type { Body, BodyFault, BodyMediaType } from './body.ts';
export { bearerToken, type CredentialsFault } from './credentials.ts';
export { type SwaggerUi, swaggerUi } from './documentation/swagger-ui.ts';
export {
  anyText,
  type Entries,
  type FieldReasons,
  type Input,
  optional,
  type Reasons,
  required,
  type TextFault,
  type TextField,
  textInput,
} from './input.ts';
export type { Links } from './links.ts';
export { openApiDocument } from './open-api.ts';
export { hasNext, hasPrevious, type PageLinks, pageHeaders, pageInput, pageLinks } from './paging.ts';
export { type ChallengeCode, type EngineError, engineProblems, type Problem, type ProblemTable } from './problem.ts';
export {
  type AccessTable,
  type AnswerHeader,
  type Guard,
  type Method,
  type RawAnswer,
  type Route,
  type RouteSpec,
  routesOf,
  type Successes,
} from './route.ts';
export { compileSchema } from './schema.ts';
export { type RunningServer, SERVER_LIMITS, type ServerLimits, STOP_OPTIONS, startServer } from './server/server.ts';
export { createService, type RequestEntry, type Service, type ServiceLog, type ServiceOptions } from './service.ts';
export { type View, viewOf } from './view.ts';
