/** The words of a table of reasons for whatever fault comes up on the command line; its kind where the table has no row for it. */
export function explainerOf(reasons: object): (fault: { readonly kind: string }, field: string) => string {
  const rows = new Map(Object.entries(reasons) as [string, (fault: unknown, field: string) => unknown][]);
  return (fault, field) => String(rows.get(fault.kind)?.(fault, field) ?? fault.kind);
}
