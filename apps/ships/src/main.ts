#!/usr/bin/env node
import { runService } from '@portcullis/service';
import { ships } from './service.ts';

await runService({ service: ships });
