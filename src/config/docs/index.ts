export { schemaDocument } from './schema-document.ts';
