/** True in `npm run proof`, which runs the long cases that other runs leave out. */
export const isProof: boolean = process.env['ALLSWELL_PROOF'] !== undefined;
