import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { saveFile } from '../parts/save-file.ts';
import { api, type Schemas } from './client.ts';
import './fresh.ts';
import { answer } from './refusal.ts';

export type DirectoryLine = Schemas['DirectoryLine'];
export type DirectoryPlan = Schemas['DirectoryPlan'];
export type DirectoryResult = Schemas['DirectoryResult'];

/** A sheet with how it is meant. */
export interface SheetOrder {
  readonly file: File;
  readonly fondsId: string;
  readonly complete: boolean;
  readonly adopts: boolean;
}

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const SOURCES = ['directory-sources'] as const;

/** What is said in a query only when it is so. */
const said = <N extends string>(name: N, isSo: boolean) => (isSo ? { [name]: 'true' } : {}) as { [K in N]?: 'true' };
const queryOf = ({ fondsId, complete, adopts }: SheetOrder) => ({
  fondsId,
  ...said('complete', complete),
  ...said('adopts', adopts),
});
/** The file as it is: no JSON is made of it. */
const asSheet = (file: File) => ({
  // The document calls a file's bytes a string.
  body: file as unknown as string,
  bodySerializer: () => file,
  headers: { 'content-type': XLSX },
});

export const useDirectorySources = () => useQuery({ queryKey: SOURCES, queryFn: () => answer(api.GET('/api/v1/directory/sources')) });

/** What a sheet would change, asked once. @param at tells one asking from the next: the archive may have changed in between */
export const useDirectoryPlan = (order: SheetOrder, at: number) =>
  useQuery({
    queryKey: ['directory-plan', at],
    queryFn: () => answer(api.POST('/api/v1/directory/plans', { params: { query: queryOf(order) }, ...asSheet(order.file) })),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });

/** Applies a sheet that was previewed; the password may be asked for again. */
export function useApplyDirectory() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ order, plan, slips, emptied }: { order: SheetOrder; plan: string; slips: boolean; emptied: boolean }) =>
      answer(
        api.POST('/api/v1/directory/runs', {
          params: {
            query: { ...queryOf(order), plan, ...said('slips', slips), ...said('emptied', emptied) },
          },
          ...asSheet(order.file),
        }),
      ),
    onSuccess: () => Promise.all([SOURCES, ['accounts'], ['fonds']].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
}

export const useDirectoryTemplate = () =>
  useMutation({
    mutationFn: () => answer(api.GET('/api/v1/directory/template', { parseAs: 'blob' })),
    onSuccess: (bytes) => saveFile(bytes, 'lantai-directory.xlsx'),
  });

export const useDirectoryErrors = () =>
  useMutation({
    mutationFn: (order: SheetOrder) =>
      answer(api.POST('/api/v1/directory/error-sheets', { params: { query: queryOf(order) }, ...asSheet(order.file), parseAs: 'blob' })),
    onSuccess: (bytes) => saveFile(bytes, 'lantai-directory-errors.xlsx'),
  });
