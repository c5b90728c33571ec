//! The Equal Earth projection (Šavrič, Patterson and Jenny 2018, doi:10.1080/13658816.2018.1504949):
//! equal areas on the earth stay equal on the wall, so that density is honest.

/// The middle of the world's map. Its edge then runs through the Bering Strait and cuts no country in two.
pub const CENTER_LON: f32 = 11.0;

const A: [f64; 4] = [1.340264, -0.081106, 0.000893, 0.003796];

/// Where a place (degrees) lies on a sphere of radius 1: x to the east of the map's middle, −2.71
/// to 2.71, y to the north of the equator, −1.32 to 1.32.
pub fn project(lat: f32, lon: f32) -> (f32, f32) {
    let lambda = f64::from(from_center(lon)).to_radians();
    let theta = (3f64.sqrt() / 2.0 * f64::from(lat.clamp(-90.0, 90.0)).to_radians().sin()).asin();
    let t2 = theta * theta;
    let t6 = t2 * t2 * t2;
    let slope = 9.0 * A[3] * t6 * t2 + 7.0 * A[2] * t6 + 3.0 * A[1] * t2 + A[0];
    let x = 2.0 * 3f64.sqrt() * lambda * theta.cos() / (3.0 * slope);
    let y = theta * (A[3] * t6 * t2 + A[2] * t6 + A[1] * t2 + A[0]);
    (x as f32, y as f32)
}

/// Degrees to the east of the map's middle, −180 to 180.
fn from_center(lon: f32) -> f32 {
    within(lon, CENTER_LON) - CENTER_LON
}

/// The same longitude within half a turn of another, degrees.
pub fn within(lon: f32, of: f32) -> f32 {
    let turned = lon - of;
    if (-180.0..=180.0).contains(&turned) { lon } else { (turned + 180.0).rem_euclid(360.0) - 180.0 + of }
}

/// Albers' conic projection (Snyder 1987, Map Projections: A Working Manual, page 101): equal areas
/// stay equal, and near its two parallels shapes do, too.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conic {
    /// The middle meridian, degrees.
    pub lon: f32,
    n: f64,
    c: f64,
    rho: f64,
}

impl Conic {
    /// For an area between two latitudes around a meridian, degrees.
    pub fn of(south: f32, north: f32, lon: f32) -> Self {
        /// A cone that is nearly a cylinder, for areas on both sides of the equator.
        const LEAST: f64 = 0.06;
        let (south, north) = (f64::from(south).to_radians(), f64::from(north).to_radians());
        let (first, second) = (south + (north - south) / 6.0, north - (north - south) / 6.0);
        let n = (first.sin() + second.sin()) / 2.0;
        let n = if n.abs() < LEAST { LEAST.copysign(n) } else { n };
        let c = first.cos().powi(2) + 2.0 * n * first.sin();
        Self { lon, n, c, rho: Self::radius(n, c, (south + north) / 2.0) }
    }

    fn radius(n: f64, c: f64, lat: f64) -> f64 {
        (c - 2.0 * n * lat.sin()).max(0.0).sqrt() / n
    }

    /// Where a place (degrees) lies on a sphere of radius 1, x to the east and y to the north of the
    /// area's middle. The longitude is taken as it is, without full turns.
    pub fn project(&self, lat: f32, lon: f32) -> (f32, f32) {
        let rho = Self::radius(self.n, self.c, f64::from(lat).to_radians());
        let theta = self.n * f64::from(lon - self.lon).to_radians();
        ((rho * theta.sin()) as f32, (self.rho - rho * theta.cos()) as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reference values by PROJ 9 (`+proj=eqearth +R=1`), longitudes counted from the middle.
    #[test]
    fn known_points() {
        let known = [
            (0.0, 0.0, 0.0, 0.0),
            (0.0, 180.0, 2.706_63, 0.0),
            (90.0, 0.0, 0.0, 1.317_363),
            (90.0, 180.0, 1.603_589, 1.317_363),
            (40.7, -74.0, -0.981_862, 0.786_841),
            (35.7, 139.7, 1.909_466, 0.698_035),
            (-45.0, 30.0, 0.386_618, -0.860_231),
        ];
        for (lat, from_middle, x, y) in known {
            let got = project(lat, CENTER_LON + from_middle);
            assert!((got.0 - x).abs() < 2e-5 && (got.1 - y).abs() < 2e-5, "{lat} {from_middle}: {got:?}");
        }
    }

    #[test]
    fn the_edge_runs_through_the_bering_strait() {
        let (chukotka, _) = project(66.0, -170.0);
        let (alaska, _) = project(65.6, -168.0);
        assert!(chukotka > 1.5 && alaska < -1.5);
    }

    /// Snyder's example, page 291: parallels 29.5 and 45.5 degrees.
    #[test]
    fn the_conic_has_known_points() {
        let conic = Conic::of(29.5 - 4.0, 45.5 + 4.0, -96.0);
        let (x, y) = conic.project(35.0, -75.0);
        let from = conic.project(23.0, -96.0).1;
        assert!((x - 0.295_272).abs() < 1e-4 && (y - from - 0.241_691).abs() < 1e-3, "{x} {}", y - from);
    }

    #[test]
    fn areas_are_true() {
        let area = |lat: f32| {
            let (x0, y0) = project(lat, CENTER_LON);
            let (x1, y1) = project(lat + 0.1, CENTER_LON + 0.1);
            f64::from((x1 - x0) * (y1 - y0)) / f64::from(lat + 0.05).to_radians().cos()
        };
        for lat in [-50.0, 30.0, 60.0] {
            assert!((area(lat) / area(0.0) - 1.0).abs() < 0.01, "{lat}");
        }
        for conic in [Conic::of(35.0, 71.0, 15.0), Conic::of(-36.0, 38.0, 15.0), Conic::of(-56.0, 14.0, 15.0)]
        {
            let area = |lat: f32| {
                let (a, b, c) =
                    (conic.project(lat, 20.0), conic.project(lat + 0.1, 20.0), conic.project(lat, 20.1));
                let cross = (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0);
                f64::from(cross.abs()) / f64::from(lat + 0.05).to_radians().cos()
            };
            assert!((area(10.0) / area(50.0) - 1.0).abs() < 0.02, "{conic:?}");
        }
    }
}
