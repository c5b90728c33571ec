//! A panel, whatever it understands: asked and switched.

use super::link;
use super::mdc;
use super::output;
use super::pjlink;
use super::said::{Actual, Trouble};
use crate::layout::panel::{Address, PanelSpec};
use crate::layout::remote::TokenSource;

/// What a panel says that it does; `output` is the connector of its display, where it is known.
///
/// # Errors
/// When it does not say.
pub async fn ask(panel: &PanelSpec, output: Option<String>) -> Result<Actual, Trouble> {
    match panel {
        PanelSpec::Output => output::ask(output).await,
        PanelSpec::Mdc { address, id, pin, .. } => said_by_mdc(address, *id, pin, &mdc::ask(*id)).await,
        PanelSpec::Pjlink { address, password, .. } => {
            pjlink::power(&pjlink_values(address, password, &[("POWR", "?")]).await?[0])
        }
    }
}

/// Switches a panel on or off; it may take a while until it is.
///
/// # Errors
/// When it does not accept that.
pub async fn switch(panel: &PanelSpec, output: Option<String>, on: bool) -> Result<(), Trouble> {
    match panel {
        PanelSpec::Output => output::switch(output, on).await,
        PanelSpec::Mdc { address, id, pin, .. } => {
            said_by_mdc(address, *id, pin, &mdc::switch(*id, on)).await.map(drop)
        }
        PanelSpec::Pjlink { address, password, .. } => {
            let parameter = if on { "1" } else { "0" };
            pjlink_values(address, password, &[("POWR", parameter)]).await.map(drop)
        }
    }
}

/// The same as [`ask`], and what the panel is, in words.
///
/// # Errors
/// When it does not say.
pub async fn look(panel: &PanelSpec) -> Result<(Actual, String), Trouble> {
    let PanelSpec::Pjlink { address, password, .. } = panel else {
        let kind = match panel {
            PanelSpec::Mdc { pin: Some(_), .. } => "MDC, encrypted",
            PanelSpec::Mdc { .. } => "MDC",
            _ => "output",
        };
        return ask(panel, None).await.map(|actual| (actual, kind.into()));
    };
    let values = pjlink_values(address, password, &[("POWR", "?"), ("CLSS", "?")]).await?;
    let class = pjlink::class(&values[1]).map_or("class unknown".into(), |class| format!("class {class}"));
    Ok((pjlink::power(&values[0])?, format!("PJLink {class}")))
}

async fn said_by_mdc(
    address: &Address,
    id: u8,
    pin: &Option<TokenSource>,
    frame: &[u8],
) -> Result<Actual, Trouble> {
    let pin = pin.as_ref().map(TokenSource::read).transpose().map_err(Trouble::Password)?;
    link::mdc(address, pin.as_deref(), (id, frame)).await
}

/// One value for each command. What is broken in a panel that refuses is asked for, too.
async fn pjlink_values(
    address: &Address,
    password: &Option<TokenSource>,
    commands: &[(&str, &str)],
) -> Result<Vec<String>, Trouble> {
    let password = password.as_ref().map(TokenSource::read).transpose().map_err(Trouble::Password)?;
    let said = link::pjlink(address, password.as_deref(), commands).await;
    let Err(Trouble::Refused(why)) = said else { return said };
    let status = link::pjlink(address, password.as_deref(), &[("ERST", "?")]).await;
    let faults = status.map(|values| pjlink::faults(&values[0])).unwrap_or_default();
    Err(Trouble::Refused(if faults.is_empty() { why } else { format!("{why}: {faults}") }))
}
