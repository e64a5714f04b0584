#!/usr/bin/env node
import { runService } from '@portcullis/service';
import { api } from './service.ts';

await runService({ service: api });
