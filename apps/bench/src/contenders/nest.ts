import 'reflect-metadata';
import { createSecretKey } from 'node:crypto';
import { Controller, Get, Injectable, Module, Query, Req, UnauthorizedException, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { JwtModule, JwtService } from '@nestjs/jwt';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ownUser, type PeerClaims, type PeerUser, peerWorld, SECURITY_HEADERS, userOf, widgetPage } from '../world.ts';
import type { Contender } from './contender.ts';

interface Authenticated {
  readonly headers: { readonly authorization?: string };
  user: PeerUser;
  claims: PeerClaims;
}

/** NestJS on Fastify with @nestjs/jwt and a guard, as its pages have it. Its decorators are called as the functions that they are. */
export async function nest(): Promise<Contender> {
  const world = peerWorld();

  class TokenGuard {
    private readonly jwt: JwtService;
    constructor(jwt: JwtService) {
      this.jwt = jwt;
    }
    async canActivate(context: { switchToHttp(): { getRequest(): Authenticated } }): Promise<boolean> {
      const request = context.switchToHttp().getRequest();
      const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
      const claims = await this.jwt.verifyAsync<PeerClaims>(token);
      const user = userOf(world, claims);
      if (!user) throw new UnauthorizedException();
      request.user = user;
      request.claims = claims;
      return true;
    }
  }
  Injectable()(TokenGuard);
  Reflect.defineMetadata('design:paramtypes', [JwtService], TokenGuard);

  class ApiController {
    own({ user, claims }: Authenticated): unknown {
      return ownUser(user, claims);
    }
    widgets(page: string): unknown {
      return widgetPage(world, Number(page ?? 1));
    }
  }
  const decorate = (name: 'own' | 'widgets', path: string, parameter: ParameterDecorator): void => {
    const method = Object.getOwnPropertyDescriptor(ApiController.prototype, name);
    if (!method) throw new TypeError();
    parameter(ApiController.prototype, name, 0);
    Get(path)(ApiController.prototype, name, method);
  };
  decorate('own', 'auth/user', Req());
  decorate('widgets', 'widgets', Query('page'));
  UseGuards(TokenGuard)(ApiController);
  Controller('api/v1')(ApiController);

  class AppModule {}
  Module({
    imports: [JwtModule.register({ secret: createSecretKey(world.secret) as never })],
    controllers: [ApiController],
    providers: [TokenGuard],
  })(AppModule);

  const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), { logger: false });
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', async (_request, reply) => void reply.headers(SECURITY_HEADERS));
  await app.listen(0, '127.0.0.1');
  return { url: await app.getUrl(), tokens: world.tokens };
}
