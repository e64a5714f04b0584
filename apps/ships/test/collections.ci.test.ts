import { ships } from '@portcullis/ships';
import { certifyCollections } from '@portcullis/testing';

certifyCollections(ships);
