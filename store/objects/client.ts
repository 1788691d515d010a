/**
 * Object storage as the usual AWS_* variables of the environment name it; AWS_ENDPOINT_URL for another server than
 * Amazon's.
 */
import type { S3Client } from '@aws-sdk/client-s3';
import { objectsError } from './objects-error.ts';

type Sdk = typeof import('@aws-sdk/client-s3');

let connection: Promise<{ client: S3Client; sdk: Sdk }> | null = null;

/** What a call of the SDK gives, its errors turned into the user's: see `objectsError`. */
export async function withObjects<T>(url: string, call: (client: S3Client, sdk: Sdk) => Promise<T>): Promise<T> {
  connection ??= connect();
  const { client, sdk } = await connection;
  try {
    return await call(client, sdk);
  } catch (error) {
    throw objectsError(error, url);
  }
}

/** Loaded only here: most processes never read an object. */
async function connect(): Promise<{ client: S3Client; sdk: Sdk }> {
  const sdk = await import('@aws-sdk/client-s3');
  // The version installed runs on Node 20; that later ones will not is nothing for users to act on
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const isOther = Boolean(AWS_ENDPOINT_URL_S3 || AWS_ENDPOINT_URL);
  const client = new sdk.S3Client({
    region: AWS_REGION || AWS_DEFAULT_REGION || 'us-east-1',
    // Buckets as host names are Amazon's way; other servers rarely have the DNS for it
    forcePathStyle: isOther,
    // Servers without the newer checksums answer requests for them with errors
    ...(isOther && { requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' }),
    followRegionRedirects: true,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 10_000, socketTimeout: 60_000 },
  });
  return { client, sdk };
}
