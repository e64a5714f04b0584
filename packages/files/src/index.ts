export { makeFolder } from './make-folder.ts';
export { isSystemError } from './system-error.ts';
