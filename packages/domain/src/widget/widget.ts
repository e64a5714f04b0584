import type { Instant } from '../shared/instant.ts';
import type { PagePolicy } from '../shared/page.ts';
import type { UserId } from '../user/user.ts';
import type { Deadline } from './deadline.ts';
import type { InfoUrl } from './info-url.ts';
import type { WidgetName } from './widget-name.ts';

export interface Widget {
  readonly name: WidgetName;
  readonly infoUrl: InfoUrl;
  readonly deadline: Deadline;
  readonly createdAt: Instant;
  /** The administrator who created it; the user may be gone by now. */
  readonly ownerId: UserId;
}

/** What an update replaces; name, owner and creation date stay. */
export type WidgetContent = Pick<Widget, 'infoUrl' | 'deadline'>;

/** The day of the deadline still counts. */
export const deadlinePassed = (deadline: Deadline, now: Instant): boolean => now > deadline;

/** The pages that a list of widgets may be asked for in. */
export const WIDGET_PAGES: PagePolicy = { sizes: [5, 10, 25, 50, 100], defaultSize: 10 };
