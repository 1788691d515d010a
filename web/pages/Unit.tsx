import { getRouteApi, Link } from '@tanstack/react-router';
import { useAnswer, useLater } from '../api/answer.ts';
import { categoryName } from '../category.ts';
import { UnitDocument, UnitElsewhereDocument, type UnitElsewhereQuery, UnitHistoryDocument } from '../generated/documents.ts';
import { counted, iou, short, whole } from '../numbers.ts';
import { CategorySwatch } from '../parts/CategoryBar.tsx';
import { Empty, EmptyStore } from '../parts/Empty.tsx';
import { IouBar } from '../parts/IouBar.tsx';
import { QueryShown } from '../parts/QueryShown.tsx';
import { Strip } from '../parts/Strip.tsx';
import { TopImages } from '../parts/TopImages.tsx';
import { NotFound, TroubleText } from '../parts/Trouble.tsx';
import type { UnitShown } from '../parts/unit-shown.ts';
import { type ChosenDataset, useDataset } from '../parts/useDataset.tsx';
import { useTitle } from '../parts/useTitle.ts';
import { Wide } from '../parts/Wide.tsx';
import css from './Unit.module.css';

const route = getRouteApi('/models/$model/layers/$layer/units/$unit');
const DEFAULT_TAU = 0.005;
/** Labels within this share of each other's IoU are not told apart. */
const CLOSE = 0.9;

export default function Unit() {
  const { model, layer, unit } = route.useParams();
  useTitle(`Unit ${unit} of ${layer}, ${model}`);
  const dataset = useDataset();
  if (!dataset) return <EmptyStore />;
  if (!/^\d{1,6}$/.test(unit)) return <NotFound what="unit" />;
  return <OneUnit slug={model} name={layer} index={Number(unit)} dataset={dataset} />;
}

function OneUnit({ slug, name, index, dataset }: { slug: string; name: string; index: number; dataset: ChosenDataset }) {
  const { tau = DEFAULT_TAU } = route.useSearch();
  const variables = { model: slug, layer: name, unit: index, dataset: dataset.slug, tau };
  const { model } = useAnswer(UnitDocument, variables);
  const layer = model?.layer;
  const unit = layer?.dissection?.unit;
  if (!model || !layer) return <NotFound what="layer" />;
  if (!layer.dissection) {
    return (
      <Empty command={`npx dissectory dissect ${slug} --dataset ${dataset.slug} --layers ${name}`}>
        This layer has not been dissected over {dataset.name} yet. This does it:
      </Empty>
    );
  }
  if (!unit) return <NotFound what="unit" />;
  return (
    <>
      <nav aria-label="Where this is" className="small row">
        <Link to="/models/$model" params={{ model: slug }}>
          {slug}
        </Link>
        <Link to="/models/$model/layers/$layer" params={{ model: slug, layer: name }}>
          {name}
        </Link>
        <Neighbours slug={slug} name={name} index={index} count={layer.unitCount} />
      </nav>
      <Head unit={unit} />
      <p className="soft">
        Unit {index} of {name} in {slug}
        {layer.receptiveField.height !== null && `, receptive field ${layer.receptiveField.height} × ${layer.receptiveField.width} pixels`}.
        Its threshold is {unit.threshold === null ? 'not known' : short(unit.threshold)} at tau {layer.dissection.tau}.{stateOf(unit)}
      </p>
      <TopImages unit={unit} />
      <div className={css.columns}>
        <Scores unit={unit} />
        {unit.label && <Elsewhere unit={unit} label={unit.label} dataset={dataset.slug} />}
      </div>
      {model.series && <History series={model.series.slug} layer={name} index={index} dataset={dataset.slug} />}
      <QueryShown document={UnitDocument} variables={variables} />
    </>
  );
}

/** What is particular about its threshold, in a sentence; nothing for most units. */
function stateOf({ neverFires, saturated, thresholdIsMinimum }: UnitShown): string {
  if (neverFires) return ' It never fires: it has one value everywhere, and its mask is empty.';
  if (saturated) return ' It is saturated: its threshold is the most that it reaches, and its mask is where it reaches that.';
  return thresholdIsMinimum ? ' Its threshold is the least that it has, so its mask is all that lies above.' : '';
}

/** The label, and `or another` where the runner-up is as good. */
function Head({ unit }: { unit: UnitShown }) {
  const [, second] = unit.scores;
  const close = unit.label && second && second.iou >= CLOSE * unit.iou ? second.concept : null;
  return (
    <>
      <h1>
        {unit.label ? (
          <>
            {unit.label.name}
            {close && <span className={css.or}> or {close.name}</span>}
          </>
        ) : (
          'no label'
        )}
      </h1>
      <p className="row">
        {unit.label && (
          <span>
            <CategorySwatch category={unit.label.category} /> {categoryName(unit.label.category)}
          </span>
        )}
        <span title={String(unit.iou)}>
          IoU <strong className="number">{iou(unit.iou)}</strong>
        </span>
        <span>{unit.isDetector ? 'a detector (above 0.04)' : 'not a detector (0.04 or below)'}</span>
      </p>
    </>
  );
}

function Neighbours({ slug, name, index, count }: { slug: string; name: string; index: number; count: number }) {
  const to = (unit: number, text: string) => (
    <Link to="/models/$model/layers/$layer/units/$unit" params={{ model: slug, layer: name, unit: String(unit) }}>
      {text}
    </Link>
  );
  return (
    <>
      {index > 0 && to(index - 1, `← unit ${index - 1}`)}
      {index < count - 1 && to(index + 1, `unit ${index + 1} →`)}
    </>
  );
}

function Scores({ unit }: { unit: UnitShown }) {
  const most = Math.max(...unit.scores.map((score) => score.iou), 0.04);
  return (
    <section aria-labelledby="scores">
      <h2 id="scores">Leading concepts</h2>
      <table className={css.scores}>
        <thead>
          <tr>
            <th scope="col">Concept</th>
            <th scope="col">IoU</th>
            <th scope="col" className="number">
              Pixels of both
            </th>
            <th scope="col" className="number">
              of either
            </th>
          </tr>
        </thead>
        <tbody>
          {unit.scores.map(({ concept, iou: value, intersection, union }) => (
            <tr key={`${concept.category} ${concept.name}`}>
              <td>
                <CategorySwatch category={concept.category} />{' '}
                <Link to="/concepts/$category/$concept" params={{ category: categoryName(concept.category), concept: concept.name }}>
                  {concept.name}
                </Link>
              </td>
              <td>
                <IouBar iou={value} category={concept.category} most={most} />
              </td>
              <td className="number">{whole(Number(intersection))}</td>
              <td className="number">{whole(Number(union))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

type Label = NonNullable<UnitShown['label']>;

function Elsewhere({ unit, label, dataset }: { unit: UnitShown; label: Label; dataset: string }) {
  const { data, error } = useLater(UnitElsewhereDocument, { dataset, concept: label.name, category: label.category });
  if (error) return <TroubleText error={error} />;
  const others = data?.units.nodes.filter(({ id }) => id !== unit.id) ?? [];
  return (
    <section aria-labelledby="elsewhere">
      <h2 id="elsewhere">The same concept elsewhere</h2>
      {data && others.length === 0 && <p className="soft">No other unit detects {label.name}.</p>}
      <ul className={css.others}>
        {others.slice(0, 8).map((other) => (
          <Other key={other.id} other={other} />
        ))}
      </ul>
      {data && data.units.totalCount > 1 && (
        <p>
          <Link to="/concepts/$category/$concept" params={{ category: categoryName(label.category), concept: label.name }}>
            All {counted(data.units.totalCount, 'unit')} that detect {label.name}
          </Link>
        </p>
      )}
    </section>
  );
}

function Other({ other }: { other: UnitElsewhereQuery['units']['nodes'][number] }) {
  const { layer } = other.dissection;
  return (
    <li>
      <Link
        to="/models/$model/layers/$layer/units/$unit"
        params={{ model: layer.model.slug, layer: layer.name, unit: String(other.index) }}
        className={css.other}
      >
        <Strip url={other.stripUrl} images={4} alt="" wide />
        <span className="small">
          {layer.model.slug}, {layer.name}, unit {other.index} <span className="number soft">{iou(other.iou)}</span>
        </span>
      </Link>
    </li>
  );
}

function History({ series, layer, index, dataset }: { series: string; layer: string; index: number; dataset: string }) {
  const { data, error } = useLater(UnitHistoryDocument, { series, layer, unit: index, dataset });
  if (error) return <TroubleText error={error} />;
  const history = data?.series?.unitHistory ?? [];
  if (history.length < 2) return null;
  return (
    <section aria-labelledby="history">
      <h2 id="history">This unit over the checkpoints of {series}</h2>
      <Wide label="History">
        <table>
          <thead>
            <tr>
              <th scope="col" className="number">
                Iterations
              </th>
              <th scope="col">Top images</th>
              <th scope="col">Label</th>
              <th scope="col">IoU</th>
            </tr>
          </thead>
          <tbody>
            {history.map(({ checkpoint, unit }) => (
              <tr key={checkpoint.model.slug}>
                <td className="number">
                  <Link to="/models/$model/layers/$layer/units/$unit" params={{ model: checkpoint.model.slug, layer, unit: String(index) }}>
                    {checkpoint.iteration === null ? checkpoint.model.slug : whole(checkpoint.iteration ?? 0)}
                  </Link>
                </td>
                <td className={css.small}>
                  <Strip url={unit.stripUrl} images={3} alt="" />
                </td>
                <td>
                  {unit.label && <CategorySwatch category={unit.label.category} />} {unit.label?.name ?? 'no label'}
                </td>
                <td>
                  <IouBar iou={unit.iou} category={unit.label?.category} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}
