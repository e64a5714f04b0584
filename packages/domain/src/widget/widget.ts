import { collection } from '../collection/collection-definition.ts';
import { field } from '../collection/field.ts';
import type { Instant } from '../shared/instant.ts';
import type { PagePolicy } from '../shared/page.ts';
import type { UserId } from '../user/user.ts';
import type { Deadline } from './deadline.ts';
import { INFO_URL_MAX_LENGTH, type InfoUrl } from './info-url.ts';
import { WIDGET_NAME_MAX_LENGTH, type WidgetName } from './widget-name.ts';

export interface Widget {
  readonly name: WidgetName;
  readonly infoUrl: InfoUrl;
  readonly deadline: Deadline;
  readonly createdAt: Instant;
  /** The administrator who created it; the user may be gone by now. */
  readonly ownerId: UserId;
}

export const widgetCollection = collection<Widget, 'name'>('widgets', {
  fields: {
    name: field.text(WIDGET_NAME_MAX_LENGTH),
    infoUrl: field.text(INFO_URL_MAX_LENGTH),
    deadline: field.time,
    createdAt: field.time,
    ownerId: field.reference,
  },
  key: 'name',
  order: ['createdAt'],
  kept: ['createdAt', 'ownerId'],
  filters: ['ownerId', 'deadline'],
  sorts: ['name', 'deadline'],
});

/** What an update replaces; name, owner and creation date stay. */
export type WidgetContent = Pick<Widget, 'infoUrl' | 'deadline'>;

/** The day of the deadline still counts. */
export const deadlinePassed = (deadline: Deadline, now: Instant): boolean => now > deadline;

/** The pages that a list of widgets may be asked for in. */
export const WIDGET_PAGES: PagePolicy = { sizes: [5, 10, 25, 50, 100], defaultSize: 10 };
