#!/usr/bin/env node
import { runService } from '@portcullis/service';
import { accounts } from './service.ts';

await runService({ service: accounts });
