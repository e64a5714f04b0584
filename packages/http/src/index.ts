export { ANSWER_LIMITS, type AnswerBudget, type AnswerLimits, answerBudget } from './answer-budget.ts';
export type { Body, BodyFault, BodyMediaType } from './body.ts';
export { type BearerCode, basicChallenge, bearerChallenge, type Challenge, fixedChallenge } from './challenge.ts';
export { type CrudOptions, type CrudRoutes, crudRoutesOf } from './collection/crud-routes.ts';
export { CURSOR_MAX_LENGTH } from './collection/cursor.ts';
export { type Listed, listed, listHeaders, partLinks } from './collection/list-answer.ts';
export { type ListQuery, type ListQueryFault, listInput, listReasons } from './collection/list-input.ts';
export type { CorsPolicy } from './cors.ts';
export {
  type BasicCredentials,
  type BearerOptions,
  basicCredentials,
  bearerToken,
  type CredentialsFault,
  headerToken,
} from './credentials.ts';
export { type DocumentationOptions, documentationRoutes } from './documentation/routes.ts';
export { type SwaggerUi, swaggerUi } from './documentation/swagger-ui.ts';
export { type HealthRoutesDeps, healthRoutes } from './health-routes.ts';
export {
  anyText,
  type Entries,
  type FieldReasons,
  type Input,
  lookedFor,
  optional,
  type Reasons,
  required,
  type TextFault,
  type TextField,
  type TextRules,
  textInput,
  textReasons,
  together,
  withControls,
} from './input.ts';
export {
  type FieldFault,
  type FlagFault,
  type IntegerFault,
  type JsonField,
  jsonField,
  jsonInput,
  type ListFault,
} from './json-input.ts';
export { readJsonMembers } from './json-members.ts';
export type { Links } from './links.ts';
export { mount } from './mount.ts';
export { openApiDocument } from './open-api.ts';
export { hasNext, hasPrevious, type PageLinks, pageHeaders, pageInput, pageLinks } from './paging.ts';
export { type EngineError, engineProblems, type Problem, type ProblemTable } from './problem.ts';
export {
  type AccessTable,
  type AnswerHeader,
  demanding,
  type Guard,
  type Method,
  type RawAnswer,
  type Route,
  type RouteSpec,
  routesOf,
  type Successes,
} from './route.ts';
export { compileSchema } from './schema.ts';
export type { RefusedRequests, ServerLog } from './server/refusals.ts';
export { type RunningServer, SERVER_LIMITS, type ServerLimits, STOP_OPTIONS, startServer } from './server/server.ts';
export { createService, type RequestEntry, type Service, type ServiceLog, type ServiceOptions } from './service.ts';
export { type Networks, parseNetworks, type SourceOf, sourceOf } from './source.ts';
export { listOf, type View, viewOf } from './view.ts';
