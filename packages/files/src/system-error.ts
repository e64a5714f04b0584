/** Whether this is an error of the operating system (`ENOENT`, `EADDRINUSE`), the one with `code` where one is asked for. */
export const isSystemError = (fault: unknown, code?: string): fault is Error & { readonly code: string } =>
  fault instanceof Error &&
  'syscall' in fault &&
  'code' in fault &&
  typeof fault.code === 'string' &&
  (code === undefined || fault.code === code);
