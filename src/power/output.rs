//! Outputs that the compositor turns off: wlr-output-power-management-unstable-v1
//! (<https://wayland.app/protocols/wlr-output-power-management-unstable-v1>), which sway, labwc, Wayfire and others
//! offer. Such an output stays where it is, and its windows stay on it.

use super::said::{Actual, Trouble};

/// Whether an output is on.
pub async fn ask(output: Option<String>) -> Result<Actual, Trouble> {
    power(output, None).await
}

/// Turns an output on or off.
pub async fn switch(output: Option<String>, on: bool) -> Result<(), Trouble> {
    power(output, Some(on)).await.map(drop)
}

#[cfg(not(target_os = "linux"))]
async fn power(_: Option<String>, _: Option<bool>) -> Result<Actual, Trouble> {
    Err(Trouble::Refused("outputs are switched under Wayland only".into()))
}

#[cfg(target_os = "linux")]
use wayland::power;

#[cfg(all(test, target_os = "linux"))]
mod tests;

#[cfg(target_os = "linux")]
mod wayland {
    use std::sync::{Arc, LazyLock};
    use std::time::Duration;

    use smithay_client_toolkit::output::{OutputHandler, OutputState};
    use smithay_client_toolkit::reexports::client::globals::registry_queue_init;
    use smithay_client_toolkit::reexports::client::protocol::wl_output::WlOutput;
    use smithay_client_toolkit::reexports::client::{Connection, Dispatch, EventQueue, QueueHandle, WEnum};
    use smithay_client_toolkit::reexports::protocols_wlr::output_power_management::v1::client::zwlr_output_power_manager_v1::{
        Event as Nothing, ZwlrOutputPowerManagerV1,
    };
    use smithay_client_toolkit::reexports::protocols_wlr::output_power_management::v1::client::zwlr_output_power_v1::{
        Event, Mode, ZwlrOutputPowerV1,
    };
    use smithay_client_toolkit::registry::{ProvidesRegistryState, RegistryState};
    use smithay_client_toolkit::{delegate_output, delegate_registry, registry_handlers};
    use tokio::sync::Semaphore;

    use super::super::link::aside;
    use super::{Actual, Trouble};

    /// Compositors switch an output a moment after they were asked to: so often that is looked at, and so long after
    /// one another.
    const LOOKS: u32 = 10;
    const PAUSE: Duration = Duration::from_millis(50);

    /// Asks for the state of an output, after turning it on or off.
    pub async fn power(output: Option<String>, to: Option<bool>) -> Result<Actual, Trouble> {
        static TURN: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(1)));
        let output = output.ok_or_else(|| Trouble::Silent("the display has no monitor".into()))?;
        aside(&TURN, move || {
            let connection = Connection::connect_to_env().map_err(|error| silent(&error))?;
            exchange(&connection, &output, to)
        })
        .await
    }

    const fn state(on: bool) -> Actual {
        if on { Actual::On } else { Actual::Off }
    }

    fn silent(error: &dyn std::error::Error) -> Trouble {
        Trouble::Silent(format!("the compositor: {error}"))
    }

    struct Session {
        registry: RegistryState,
        outputs: OutputState,
        /// What it said last of the output that is asked about; an error when someone else switches it.
        said: Option<Result<Actual, ()>>,
    }

    /// Talks to the compositor at the other end of `connection`, and waits for it as long as that takes.
    pub fn exchange(connection: &Connection, name: &str, to: Option<bool>) -> Result<Actual, Trouble> {
        let (globals, mut queue) =
            registry_queue_init::<Session>(connection).map_err(|error| silent(&error))?;
        let handle = queue.handle();
        let manager: ZwlrOutputPowerManagerV1 = globals.bind(&handle, 1..=1, ()).map_err(|_| {
            Trouble::Refused(
                "the compositor does not let programs switch outputs (wlr-output-power-management)".into(),
            )
        })?;
        let outputs = OutputState::new(&globals, &handle);
        let mut session = Session { registry: RegistryState::new(&globals), outputs, said: None };
        round(&mut queue, &mut session)?;
        let is_meant = |output: &WlOutput| {
            session.outputs.info(output).is_some_and(|info| info.name.as_deref() == Some(name))
        };
        let output = session.outputs.outputs().find(is_meant);
        let output = output.ok_or_else(|| Trouble::Silent(format!("the compositor has no output {name}")))?;
        let power = manager.get_output_power(&output, &handle, ());
        if let Some(on) = to {
            power.set_mode(if on { Mode::On } else { Mode::Off });
        }
        round(&mut queue, &mut session)?;
        let obeys = |session: &Session| to.is_none_or(|on| session.said == Some(Ok(state(on))));
        for _ in 0..LOOKS {
            if obeys(&session) || session.said == Some(Err(())) {
                break;
            }
            std::thread::sleep(PAUSE);
            round(&mut queue, &mut session)?;
        }
        power.destroy();
        // What is not sent now is lost with the connection.
        connection.flush().map_err(|error| silent(&error))?;
        match session.said {
            Some(Ok(actual)) if obeys(&session) => Ok(actual),
            Some(_) => Err(Trouble::Refused(format!("the compositor does not switch the output {name}"))),
            None => Err(Trouble::Silent(format!("the compositor says nothing of the output {name}"))),
        }
    }

    fn round(queue: &mut EventQueue<Session>, session: &mut Session) -> Result<(), Trouble> {
        queue.roundtrip(session).map(drop).map_err(|error| silent(&error))
    }

    impl Dispatch<ZwlrOutputPowerV1, ()> for Session {
        fn event(
            session: &mut Self,
            _: &ZwlrOutputPowerV1,
            event: Event,
            (): &(),
            _: &Connection,
            _: &QueueHandle<Self>,
        ) {
            match event {
                Event::Mode { mode: WEnum::Value(Mode::On) } => session.said = Some(Ok(state(true))),
                Event::Mode { mode: WEnum::Value(Mode::Off) } => session.said = Some(Ok(state(false))),
                Event::Failed => session.said = Some(Err(())),
                _ => {}
            }
        }
    }

    impl Dispatch<ZwlrOutputPowerManagerV1, ()> for Session {
        fn event(
            _: &mut Self,
            _: &ZwlrOutputPowerManagerV1,
            _: Nothing,
            (): &(),
            _: &Connection,
            _: &QueueHandle<Self>,
        ) {
        }
    }

    impl OutputHandler for Session {
        fn output_state(&mut self) -> &mut OutputState {
            &mut self.outputs
        }
        fn new_output(&mut self, _: &Connection, _: &QueueHandle<Self>, _: WlOutput) {}
        fn update_output(&mut self, _: &Connection, _: &QueueHandle<Self>, _: WlOutput) {}
        fn output_destroyed(&mut self, _: &Connection, _: &QueueHandle<Self>, _: WlOutput) {}
    }

    impl ProvidesRegistryState for Session {
        fn registry(&mut self) -> &mut RegistryState {
            &mut self.registry
        }
        registry_handlers![OutputState];
    }

    delegate_output!(Session);
    delegate_registry!(Session);
}
