import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

public class Crash_34eb739d60ffd1385bdab2aa0dd70d39b3eb0a6c {
    static final String base64Bytes = String.join("", "AA0NAAA=");

    public static void main(String[] args) throws Throwable {
        Crash_34eb739d60ffd1385bdab2aa0dd70d39b3eb0a6c.class.getClassLoader().setDefaultAssertionStatus(true);
        try {
            Method fuzzerInitialize = konce.fuzz.Fuzzer.class.getMethod("fuzzerInitialize");
            fuzzerInitialize.invoke(null);
        } catch (NoSuchMethodException ignored) {
            try {
                Method fuzzerInitialize = konce.fuzz.Fuzzer.class.getMethod("fuzzerInitialize", String[].class);
                fuzzerInitialize.invoke(null, (Object) args);
            } catch (NoSuchMethodException ignored1) {
            } catch (IllegalAccessException | InvocationTargetException e) {
                e.printStackTrace();
                System.exit(1);
            }
        } catch (IllegalAccessException | InvocationTargetException e) {
            e.printStackTrace();
            System.exit(1);
        }
        byte[] input = java.util.Base64.getDecoder().decode(base64Bytes);
        konce.fuzz.Fuzzer.fuzzerTestOneInput(input);
    }
}
