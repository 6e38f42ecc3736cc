import { checkBorders } from './borders/check-borders.ts';

const { modules, dependencies, problems } = await checkBorders(process.cwd());
for (const problem of problems) console.error(problem);
console.log(`borders: ${modules} modules, ${dependencies} imports, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
