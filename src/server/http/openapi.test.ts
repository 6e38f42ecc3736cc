import { describe, expect, it } from 'vitest';
import { openapiDocument } from '../../http/index.ts';
import { routeTable } from './route-table.ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
  readonly security: readonly object[];
}

const document = openapiDocument(routeTable, '1.2.3') as {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

describe('the OpenAPI document', () => {
  it('has every path and method of the table', () => {
    const listed = routeTable.flatMap(({ method, paths }) => paths.map((path) => `${method.toLowerCase()} ${path}`));
    expect(operations.map(({ path, method }) => `${method} ${path}`).toSorted()).toEqual(listed.toSorted());
    expect(new Set(listed).size).toBe(listed.length);
  });

  it('names each operation once', () => {
    const names = operations.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  it('declares what varies in a path, and nothing else', () => {
    for (const { path, operation } of operations) {
      const declared = (operation.parameters ?? []).filter((one) => one.in === 'path').map(({ name }) => name);
      expect([path, declared]).toEqual([path, [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)]);
    }
  });

  it('says which answers a key that is missing or too little gets', () => {
    const statuses = (path: string): string[] => Object.keys(document.paths[path]?.['get']?.responses ?? {});
    expect(statuses('/fleet')).toEqual(['200', '401', '403']);
    expect(statuses('/health')).toEqual(['200', '401', '403', '404', '422', '500', '503']);
    expect(statuses('/test')).toEqual(['200']);
  });

  it('asks for a required parameter, and for a body', () => {
    expect(document.paths['/health/services']?.['get']?.parameters).toMatchObject([
      { name: 'service', required: true },
    ]);
    expect(document.paths['/health/test_connection']?.['post']).toMatchObject({
      requestBody: { content: { 'application/json': { schema: { required: ['litellm_params'] } } } },
    });
  });

  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });
});
