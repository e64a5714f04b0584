// tsyringe refuses to load without it, decorators or not.
import 'reflect-metadata';
import { container, type DependencyContainer, instancePerContainerCachingFactory } from 'tsyringe';

declare const resolvesTo: unique symbol;

/**
 * A name in the container, with the type of what is bound to it. The type is required, and invariant: a bare symbol is no key, and nothing
 * with more or fewer members can be bound to it.
 */
export type InjectionKey<T> = symbol & { readonly [resolvesTo]: (bound: T) => T };

/** @param name for the error of a key that nothing is bound to. Without a type argument nothing can be bound to the key. */
export const injectionKey = <T = never>(name: string): InjectionKey<T> => Symbol(name) as InjectionKey<T>;

/** A key for each member of `T`. */
export type InjectionKeys<T> = { readonly [Name in keyof T]: InjectionKey<T[Name]> };

/** What is bound to each of the keys. */
export type BoundTo<Keys> = { readonly [Name in keyof Keys]: Keys[Name] extends InjectionKey<infer T> ? T : never };

export interface Container {
  /** Has it built at the first `get`, and not again. Bound again before that, the last one counts. */
  readonly bind: <T>(key: InjectionKey<T>, build: (get: Container['get']) => NoInfer<T>) => void;
  /** @throws Error naming the key, where nothing is bound to it */
  readonly get: <T>(key: InjectionKey<T>) => T;
}

/** A container of its own: two compositions in one process share nothing. */
export function createContainer(): Container {
  const own: DependencyContainer = container.createChildContainer();
  const get: Container['get'] = (key) => own.resolve(key);
  return {
    bind: (key, build) => own.register(key, { useFactory: instancePerContainerCachingFactory(() => build(get)) }),
    get,
  };
}

/** Binds every one of the keys. One that is forgotten does not compile. */
export function bindAll<T>(
  { bind }: Container,
  keys: InjectionKeys<T>,
  builders: NoInfer<{ readonly [Name in keyof T]: (get: Container['get']) => T[Name] }>,
): void {
  for (const name in keys) bind<T[typeof name]>(keys[name], builders[name]);
}

/** Builds whatever is bound to the keys. */
export function getAll<T>({ get }: Container, keys: InjectionKeys<T>): T {
  const bound: Partial<T> = {};
  for (const name in keys) bound[name] = get(keys[name]);
  return bound as T;
}
