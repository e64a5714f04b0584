// tsyringe refuses to load without it, decorators or not.
import 'reflect-metadata';
import { container, instancePerContainerCachingFactory } from 'tsyringe';
import type { Key } from './keys.ts';

/** The one thing that a key stands for in a composition; built at the first call. */
export type Get = <T>(key: Key<T>) => T;
export type Bind = <T>(key: Key<T>, build: (get: Get) => T) => void;

/** A container of its own: two compositions in one process share nothing. */
export function createContainer(): { readonly bind: Bind; readonly get: Get } {
  const own = container.createChildContainer();
  const get: Get = <T>(key: Key<T>) => own.resolve<T>(key);
  const bind: Bind = <T>(key: Key<T>, build: (get: Get) => T) => {
    own.register<T>(key, { useFactory: instancePerContainerCachingFactory(() => build(get)) });
  };
  return { bind, get };
}
