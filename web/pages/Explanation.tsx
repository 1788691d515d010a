import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAnswer, useLater } from '../api/answer.ts';
import { ExplainedDocument, type ExplainedQuery, WithoutUnitDocument } from '../generated/documents.ts';
import { iou, short, whole } from '../numbers.ts';
import { CategorySwatch } from '../parts/CategoryBar.tsx';
import { QueryShown } from '../parts/QueryShown.tsx';
import { Strip } from '../parts/Strip.tsx';
import { NotFound, TroubleText } from '../parts/Trouble.tsx';
import { useTitle } from '../parts/useTitle.ts';
import { below } from '../root.ts';
import css from './Explanation.module.css';

const route = getRouteApi('/explain/$explanation');
const UNITS = 8;

type Shown = Extract<ExplainedQuery['node'], { __typename: 'Explanation' }>;
type Contribution = Shown['contributions'][number];

/** An image, the units that its score comes from, and what the network would say without one of them. */
export default function Explanation() {
  const { explanation: id } = route.useParams();
  const variables = { id, first: UNITS };
  const { node } = useAnswer(ExplainedDocument, variables);
  const [off, setOff] = useState<number | null>(null);
  const found = node?.__typename === 'Explanation' ? node : null;
  useTitle(found ? `Why ${found.class}?` : 'Explanation');
  if (!found) return <NotFound what="explanation" />;
  const { image, model, layer, contributions } = found;
  const most = Math.max(...contributions.map(({ value }) => Math.abs(value)), Number.MIN_VALUE);
  return (
    <>
      <h1>Why {found.class}?</h1>
      <p className="soft">
        <Link to="/models/$model" params={{ model: model.slug }}>
          {model.slug}
        </Link>{' '}
        gives this image {short(found.score)} for {found.class}
        {found.predicted ? ', the most of all classes' : ''}
        {image.class && image.class !== found.class && <strong>; it is {image.class}</strong>}. The score is the sum of what its{' '}
        {whole(layer.unitCount)} units of {layer.name} contribute{found.bias === 0 ? '' : `, and ${short(found.bias)}`}.
      </p>
      <div className={css.explained}>
        <figure>
          <img
            className={css.whole}
            src={below(found.imageUrl)}
            alt={image.file}
            style={{ aspectRatio: `${image.width} / ${image.height}` }}
          />
          <figcaption className="small soft">{image.file}</figcaption>
          <p className="noprint">
            {found.hasMasks && (
              <a href={below(found.sheetUrl)} download>
                Save as one picture
              </a>
            )}
          </p>
          {off !== null && <Without id={id} unit={off} />}
        </figure>
        <ol className={css.units}>
          {contributions.map((one) => (
            <Unit key={one.unitIndex} one={one} most={most} shown={found} off={off === one.unitIndex} onOff={setOff} />
          ))}
        </ol>
      </div>
      <QueryShown document={ExplainedDocument} variables={variables} />
    </>
  );
}

interface UnitProps {
  one: Contribution;
  most: number;
  shown: Shown;
  off: boolean;
  onOff: (unit: number | null) => void;
}

function Unit({ one, most, shown, off, onOff }: UnitProps) {
  const { unitIndex, unit, value, maskUrl } = one;
  return (
    <li className={off ? css.off : undefined}>
      {shown.hasMasks ? (
        <img
          src={below(`${maskUrl}?width=240`)}
          alt={`Where unit ${unitIndex} looks`}
          loading="lazy"
          style={{ aspectRatio: `${shown.image.width} / ${shown.image.height}` }}
        />
      ) : (
        <span className="soft small">The maps of this image are not stored.</span>
      )}
      <div>
        <p>
          {unit?.label && <CategorySwatch category={unit.label.category} />}{' '}
          <Link
            to="/models/$model/layers/$layer/units/$unit"
            params={{ model: shown.model.slug, layer: shown.layer.name, unit: String(unitIndex) }}
          >
            {unit?.label?.name ?? 'not dissected'}
          </Link>{' '}
          <span className="soft small">
            unit {unitIndex}
            {unit && `, IoU ${iou(unit.iou)}`}
          </span>
        </p>
        <p className={css.share} title={`${one.weight} × ${one.activation}`}>
          <span style={{ width: `${(60 * Math.abs(value)) / most}%` }} /> <span className="number">{short(value)}</span>
        </p>
        <button type="button" aria-pressed={off} onClick={() => onOff(off ? null : unitIndex)}>
          {off ? 'turned off' : 'turn off'}
        </button>
      </div>
      {unit && <Strip url={unit.stripUrl} images={4} alt="" wide />}
    </li>
  );
}

/** What the head would say if a unit were silent on this image. */
function Without({ id, unit }: { id: string; unit: number }) {
  const { data, error } = useLater(WithoutUnitDocument, { id, unit });
  if (error) return <TroubleText error={error} />;
  const without = data?.node && 'withoutUnit' in data.node ? data.node.withoutUnit : null;
  if (!without) return null;
  const classes = without.classes.toSorted((a, b) => b.before - a.before).slice(0, 8);
  return (
    <section aria-labelledby="without">
      <h2 id="without">Without unit {unit}</h2>
      <p role="status">
        It would say <strong>{without.predictedClass}</strong>.
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col" className="number">
              With it
            </th>
            <th scope="col" className="number">
              Without
            </th>
            <th scope="col" className="number">
              Change
            </th>
          </tr>
        </thead>
        <tbody>
          {classes.map(({ class: name, before, after, change }) => (
            <tr key={name}>
              <td>{name}</td>
              <td className="number">{short(before)}</td>
              <td className="number">{short(after)}</td>
              <td className="number">{short(change)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
