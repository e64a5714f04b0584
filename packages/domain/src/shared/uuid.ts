/** Where new ids come from: a random UUID (RFC 9562 §5.4) in lower case, never the same twice. */
export type NewUuid = () => string;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether `text` is a UUID as we write them: lower case, with hyphens. */
export const isUuid = (text: string): boolean => UUID.test(text);
